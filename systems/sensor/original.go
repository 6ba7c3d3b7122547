package sensor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// original is the program of the document, mistakes included. Each is marked
// where it stands.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: send all lines, then truncate the file; skip what is older than the last line.",
		Breaks:  []string{"no-loss", "delivered", "no-duplicates", "integrity", "live"},
		OK:      map[string]string{"reading": "the sensor's append returned"},
		Bound:   func(lab.Params) time.Duration { return 2 * time.Second },
		Roles: map[string]func(context.Context, lab.Env) error{
			"sensor":    originalSensor,
			"forwarder": originalForwarder,
			"collector": originalCollector,
		},
		ReadBack: func(_ context.Context, o lab.Observer) ([]history.Event, error) {
			return readLogs(o, func(line string) history.Event {
				e := history.Event{Source: firstField(line), ID: lastField(line), Value: line}
				if o.Params().Bool("same_name") {
					e.Source = "" // the line does not tell whose it is
				}
				return e
			})
		},
		Settled: func(o lab.Observer) (bool, error) {
			for _, n := range nodes(o.Params()) {
				if n.Role != "sensor" {
					continue
				}
				left, err := o.Disk(n.Host).Read(clientFile(nameAt(o.Params(), n.Host)))
				if err != nil && !errors.Is(err, fs.ErrNotExist) || len(left) > 0 {
					return false, err
				}
			}
			return true, nil
		},
	}
}

func clientFile(name string) string { return "client-" + name + ".log" }

func serverFile(name string) string { return "server-" + name + ".log" }

// originalSensor appends a line a period (Fig. 1). "We make the assumption that
// not more than one log is written to the file per nanosecond": that is not
// enough. It also takes a clock that never goes back, and one sensor a name.
func originalSensor(ctx context.Context, env lab.Env) error {
	p := env.Params()
	host := env.Node().Host
	var broken error
	err := lab.Workload(ctx, env, int64(p.Int("readings")), p.Duration("every"), func(seq int64) {
		if broken != nil {
			return
		}
		line, id := reading(env)
		op := history.Event{Op: "reading", Source: sourceAt(p, host), Seq: seq, ID: id, Value: line}
		op.Kind = history.Invoke
		env.Record(op)
		op.Value = ""
		if err := env.Disk().Append(clientFile(nameAt(p, host)), []byte(line+"\n")); err != nil {
			// An exception that nobody catches ends the program. Half of the
			// line may stand in the file.
			op.Kind, op.Detail = history.Info, err.Error()
			env.Record(op)
			broken = err
			return
		}
		op.Kind = history.Store
		env.Record(op)
		op.Kind = history.OK
		env.Record(op)
	})
	return errors.Join(broken, err)
}

// originalForwarder is Fig. 2: send every line, then truncate, for ever. It
// differs in two ways, which make the race at the end of sendAndTruncate rarer
// and leave it open: it rests between two turns, and it leaves an empty file as
// it is. The document's truncates that too, a few thousand times a second, and
// no other failure could be shown by itself.
func originalForwarder(ctx context.Context, env lab.Env) error {
	env.Printf("Start client.")
	client := web.Client(env, collector, false, 0) // no timeout: a blackhole hangs it for ever
	for ctx.Err() == nil {
		if complaint := sendAndTruncate(ctx, env, client); complaint != "" {
			env.Printf("%s", complaint)
		}
		select {
		case <-time.After(env.Params().Duration("poll")):
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// What the forwarder prints when a turn fails.
const (
	noFile  = "No log file available."
	notSent = "Could not send file info to server."
)

// sendAndTruncate is one turn of the loop of Fig. 2. When a line cannot be
// sent, the file stays as it is, and the next turn sends all of it again, what
// was acknowledged included.
func sendAndTruncate(ctx context.Context, env lab.Env, client *http.Client) (complaint string) {
	file := clientFile(nameAt(env.Params(), env.Node().Host))
	disk := env.Disk()
	var off int64
	var rest []byte
	for {
		// Python reads a file by blocks of 8 KiB; what the sensor appends in
		// the meantime is found by the next read.
		block := make([]byte, 8192)
		n, err := disk.ReadAt(file, block, off)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return noFile
		case err != nil && err != io.EOF:
			return notSent
		}
		off += int64(n)
		rest = append(rest, block[:n]...)
		if n == 0 {
			break
		}
		for {
			line, after, whole := bytes.Cut(rest, []byte("\n"))
			if !whole {
				break
			}
			rest = after
			if err := post(ctx, env, client, string(line)); err != nil {
				return notSent
			}
		}
	}
	if off == 0 {
		return ""
	}
	if len(rest) > 0 { // a last line without an end is a line to Python
		if err := post(ctx, env, client, string(rest)); err != nil {
			return notSent
		}
	}
	// What the sensor appends between the last read and this is lost. "As reading
	// and writing to a file are blocking operations the sensor is not able to add
	// any more lines while the transmission is ongoing": blocking is not locking.
	env.Record(history.Event{Kind: history.Decide, Op: "truncate", Detail: fmt.Sprintf("end of %s at %d bytes → truncate to 0", file, off)})
	if err := disk.Truncate(file, 0); err != nil {
		return notSent
	}
	return ""
}

// post sends one line and prints the answer, whatever its status (Fig. 2 prints
// response.text and looks no further): the body of a 503 is printed like an
// ACK, and the file is truncated all the same.
func post(ctx context.Context, env lab.Env, client *http.Client, line string) error {
	about := history.Event{Source: firstField(line), ID: lastField(line), Value: line}
	_, text, err := web.Exchange(ctx, env, client, collector, strings.NewReader(strings.TrimRight(line, " \r\n\t")), about)
	if err != nil {
		return err
	}
	env.Printf("%s", text)
	return nil
}

// originalCollector is Fig. 4 to 6. Its server has one thread: one connection
// that stalls stops them all. (Fig. 4's handle_request serves a single request;
// the published program serves for ever, and so does this.)
func originalCollector(ctx context.Context, env lab.Env) error {
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	env.Printf("Start server on port %d.", port)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { originalPost(env, w, r) })}
	s.SetKeepAlivesEnabled(false)
	return web.ServeOn(ctx, env, web.OneAtATime(ln), s)
}

// originalPost is do_POST of Fig. 5 and send_response of Fig. 6. Where Python
// raises, the connection closes without an answer.
func originalPost(env lab.Env, w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, fmt.Sprintf("Unsupported method ('%s')", r.Method), http.StatusNotImplemented)
		return
	}
	// rfile.read(content_length) gives what came before the connection ended,
	// and nobody compares the lengths: half a line is taken for a whole one.
	body, err := io.ReadAll(r.Body)
	cutShort := errors.Is(err, io.ErrUnexpectedEOF)
	if r.ContentLength < 0 || err != nil && !cutShort || !utf8.Valid(body) {
		panic(http.ErrAbortHandler)
	}
	line := string(body)
	name, id := firstField(line), lastField(line)
	// The name comes from the body and becomes a path: ../x would leave the
	// folder. (Here the disk refuses it.)
	file := serverFile(name)
	env.Record(history.Event{
		Kind: history.Recv, Op: "POST", Source: name, ID: id, Value: line, Msg: web.Request(id),
	})

	// The whole file is read for each request.
	text, err := env.Disk().Read(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		panic(http.ErrAbortHandler)
	}
	skip := false
	if len(text) > 0 {
		// The last line decides. If it is torn, its last field is no number,
		// and every request from now on ends here; if its digits are torn, it
		// is one, and the new line joins it.
		last, err1 := strconv.ParseInt(lastField(lastLine(text)), 10, 64)
		next, err2 := strconv.ParseInt(id, 10, 64)
		if err1 != nil || err2 != nil {
			env.Printf("ValueError: invalid literal for int()")
			panic(http.ErrAbortHandler)
		}
		// "If the id of the last log is greater than the incoming one": that
		// lets the equal id through, and a reading sent twice is stored twice.
		// With `>=` two readings of one nanosecond would be one. And a clock
		// that was set back makes every reading an old one, which is
		// acknowledged and thrown away.
		skip = last > next
		env.Record(history.Event{
			Kind: history.Decide, Op: "compare", Source: name, ID: id,
			Detail: fmt.Sprintf("%d > %d = %t → %s", last, next, skip, map[bool]string{true: "skip", false: "store"}[skip]),
		})
	}
	if !skip {
		// No sync: a power cut takes what was acknowledged.
		if err := env.Disk().Append(file, []byte(line+"\n")); err != nil {
			panic(http.ErrAbortHandler)
		}
		env.Record(history.Event{Kind: history.Store, Op: "reading", Source: name, ID: id, Value: line})
	}
	w.Header().Set("Content-Type", "text/html")
	// Fig. 6 sends no length: the answer ends with the connection, and one that
	// was cut looks whole.
	w.Header().Set("Transfer-Encoding", "identity")
	env.Record(history.Event{Kind: history.Send, Op: "ACK", Source: name, ID: id, Msg: web.Answer(id)})
	io.WriteString(w, "ACK "+id)
}

func lastLine(text []byte) string {
	text = bytes.TrimSuffix(text, []byte("\n"))
	return string(text[bytes.LastIndexByte(text, '\n')+1:])
}
