package facade

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/lab/web"
	"faultlab/systems/facade/logpb"
)

// original is the program of the document, mistakes included. Each is marked
// where it stands: those of the logging service in memory.go.
func original() lab.Variant {
	return lab.Variant{
		Name:    "original",
		Summary: "As documented: the facade gives each message an id and tries again; the logging service keeps messages and ids in memory.",
		Breaks:  []string{"no-loss", "no-duplicates", "fail-honest", "live"},
		OK:      map[string]string{"post": "the facade answered 2xx", "get": "the facade answered 200"},
		Bound:   bound,
		Roles: map[string]func(context.Context, lab.Env) error{
			facade:   originalFacade,
			logging:  originalLogging,
			weblog:   originalWeblog,
			messages: runMessages,
			"client": func(ctx context.Context, env lab.Env) error { return newPoster(env, false, 0).run(ctx) },
		},
		ReadBack: func(ctx context.Context, o lab.Observer) ([]history.Event, error) {
			body, err := web.Look(ctx, o, facade, facadePort, pathOf(o.Params()))
			if err != nil {
				return nil, err
			}
			var page combined
			if err := json.Unmarshal(body, &page); err != nil {
				return nil, fmt.Errorf("read the facade's answer: %w", err)
			}
			// The messages are joined by spaces: one with a space in it would be
			// two. The workload's have none.
			logs, whole := strings.CutSuffix(page.Combined, " "+notYet)
			if !whole {
				return nil, fmt.Errorf("the facade answers 200 and %q", page.Combined)
			}
			return entries(strings.Fields(logs)), nil
		},
	}
}

// entries are the log as it was read back.
func entries(logs []string) []history.Event {
	var log []history.Event
	for _, msg := range logs {
		log = append(log, history.Event{Node: facade, Value: msg})
	}
	return log
}

// asDocumented is the original facade.
type asDocumented struct {
	ctx    context.Context // of the node
	env    lab.Env
	weblog *http.Client
	texts  *http.Client

	lock  *lab.Mutex     // guards what follows
	drawn map[string]int // how many ids were drawn, by message
}

func originalFacade(ctx context.Context, env lab.Env) error {
	f := &asDocumented{
		ctx: ctx, env: env, lock: lab.NewMutex(), drawn: map[string]int{},
		// requests.post and requests.get wait for ever.
		weblog: web.Client(env, weblog, false, 0),
		texts:  web.Client(env, messages, false, 0),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /grpc_message", f.post(f.storeByGRPC))
	mux.HandleFunc("POST /message", f.post(f.storeByHTTP))
	mux.HandleFunc("GET /grpc_message", f.get(f.logsByGRPC))
	mux.HandleFunc("GET /message", f.get(f.logsByHTTP))
	return web.Serve(ctx, env, facadePort, &http.Server{Handler: mux})
}

// post takes a message and gives it an id. The id is born here: to a client
// that got no answer and posts again, its message is another one.
func (f *asDocumented) post(store func(history.Event) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		msg, err := readMessage(w, r)
		if err != nil {
			unprocessable(w, err)
			return
		}
		nameless := about("", msg)
		got(f.env, nameless, r.Method, web.Request(msg))
		e := about(f.newID(msg), msg)
		err = store(e)
		answers(f.env, nameless, r.Method, web.Answer(msg))
		if err != nil {
			// So is reported what was stored, and only its last answer lost.
			writeJSON(w, http.StatusServiceUnavailable, detail{unavailable})
			return
		}
		writeJSON(w, http.StatusOK, posted{e.ID, msg})
	}
}

// newID is uuid4, or the id of the experiment.
func (f *asDocumented) newID(msg string) string {
	if f.env.Params().Bool("fixed_id") {
		return fixedID
	}
	f.lock.Lock()
	f.drawn[msg]++
	nth := f.drawn[msg]
	f.lock.Unlock()
	var id [16]byte
	draw := f.env.Rand(fmt.Sprintf("id %d of %s", nth, msg))
	for i := range id {
		id[i] = byte(draw.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4
	text := hex.EncodeToString(id[:])
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}

// unavailable is all that a client is told.
const unavailable = "Logging service unavailable"

// errNoAnswer ends the attempts.
var errNoAnswer = errors.New("no attempt was answered")

// storeByGRPC asks the logging service until it answers, each time with the
// same id and over a new channel. The document's experiment takes the break out
// of the loop.
func (f *asDocumented) storeByGRPC(e history.Event) error {
	p := f.env.Params()
	stored := false
	for n := 1; n <= p.Int("attempts"); n++ {
		answer, err := f.attempt(e)
		if err == nil {
			stored = true
			f.env.Printf("gRPC POST: Відповідь від logging-service: %s", answer)
			if p.Bool("fixed_id") {
				continue
			}
			break
		}
		f.env.Printf("gRPC POST: Спроба %d не вдалася: %v", n, err)
		if n == p.Int("attempts") || lab.Rest(f.ctx, p.Duration("pause")) != nil {
			break
		}
	}
	if !stored {
		return errNoAnswer
	}
	return nil
}

func (f *asDocumented) attempt(e history.Event) (answer string, err error) {
	ctx, cancel := context.WithTimeout(rpc.About(f.ctx, e), f.env.Params().Duration("deadline"))
	defer cancel()
	conn, err := rpc.Dial(f.env, logging)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	r, err := logpb.NewLoggingServiceClient(conn).LogMessage(ctx, &logpb.LogRequest{Id: e.ID, Msg: e.Value})
	return r.GetDetail(), err
}

// storeByHTTP asks once, and takes any answer for a success: a 503 as well.
func (f *asDocumented) storeByHTTP(e history.Event) error {
	_, _, err := postLog(f.ctx, f.env, f.weblog, e)
	return err
}

// get joins the logs and the text of the messages service by spaces. Where the
// log has an end, and a message in it, nobody can tell from that; and an error
// is a text like any other, in an answer 200.
func (f *asDocumented) get(logs func() ([]string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		got(f.env, history.Event{}, r.Method, r.Method+" ")
		all, err := logs()
		if err != nil {
			all = []string{unavailable}
		}
		text, err := getText(f.ctx, f.env, f.texts)
		if err != nil {
			text = "Messages service unavailable"
		}
		answers(f.env, history.Event{}, r.Method, "re "+r.Method+" ")
		writeJSON(w, http.StatusOK, combined{strings.Join(all, " ") + " " + text})
	}
}

func (f *asDocumented) logsByGRPC() ([]string, error) {
	ctx, cancel := context.WithTimeout(f.ctx, f.env.Params().Duration("deadline"))
	defer cancel()
	return getLogs(ctx, f.env)
}

func (f *asDocumented) logsByHTTP() ([]string, error) { return getWeblog(f.ctx, f.env, f.weblog) }
