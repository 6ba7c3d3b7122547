package tcpecho

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world"
	"faultlab/sim/world/worldtest"
)

func TestMain(m *testing.M) { worldtest.Main(m, System()) }

// shout sends pieces as they are over one connection, each after what came in
// answer to the one before, and returns all that came until the server had
// nothing more to say, read by read; the last is ended if it closed.
func shout(ctx context.Context, env lab.Env, pieces ...string) (reads []string, err error) {
	conn, err := env.Dial(ctx, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	reads, err = listen(conn)
	for _, piece := range pieces {
		if err != nil {
			break
		}
		if _, err := io.WriteString(conn, piece); err != nil {
			return nil, err
		}
		var more []string
		more, err = listen(conn)
		reads = append(reads, more...)
	}
	if errors.Is(err, io.EOF) {
		reads, err = append(reads, ended), nil
	}
	return reads, err
}

const ended = "."

// listen reads until nothing has come for longer than anything takes.
func listen(conn net.Conn) (reads []string, err error) {
	data := make([]byte, 1<<20)
	for {
		if err := conn.SetReadDeadline(ahead(50 * time.Millisecond)); err != nil {
			return reads, err
		}
		n, err := conn.Read(data)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return reads, nil
		}
		if err != nil {
			return reads, err
		}
		reads = append(reads, string(data[:n]))
	}
}

// printed lists what the server's console shows.
func printed(r world.Result) []string {
	var lines []string
	for _, e := range labtest.Of(r.Events, history.Print) {
		if e.Node == server {
			lines = append(lines, e.Value)
		}
	}
	return lines
}
