package proxy

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// quiet is how long a test listens before it calls a silence a silence. A
// fault that fails to act is faster than that by far.
const quiet = 30 * time.Millisecond

// link is a proxy on real sockets in front of a service that sends everything
// back.
type link struct {
	*Proxy
	server *Server
	t      testing.TB

	mu   sync.Mutex
	ends []error // how the service's connections ended
}

func newLink(t testing.TB) *link {
	t.Helper()
	l := &link{server: NewServer(), t: t}
	service, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var busy sync.WaitGroup
	busy.Go(func() {
		for {
			conn, err := service.Accept()
			if err != nil {
				return
			}
			busy.Go(func() {
				_, err := io.Copy(conn, onlyReader{conn})
				l.mu.Lock()
				l.ends = append(l.ends, err)
				l.mu.Unlock()
				conn.Close()
			})
		}
	})
	l.Proxy, err = l.server.Add("client->service", "127.0.0.1:0", service.Addr().String())
	require.NoError(t, err)
	require.NoError(t, l.Enable(t.Context()))
	t.Cleanup(func() {
		require.NoError(t, l.server.Close())
		service.Close()
		busy.Wait()
	})
	return l
}

// onlyReader hides the shortcuts of io.Copy: they would read before they know
// that they can write.
type onlyReader struct{ io.Reader }

// ended is how many of the service's connections have ended, and how.
func (l *link) ended() []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]error(nil), l.ends...)
}

func (l *link) inject(kind string, given attrs) *Injected {
	l.t.Helper()
	in, err := l.Inject(context.Background(), fault(l.t, kind, given))
	require.NoError(l.t, err)
	return in
}

func (l *link) heal(in *Injected) Effect {
	l.t.Helper()
	effect, err := in.Heal(context.Background())
	require.NoError(l.t, err)
	return effect
}

// client is a connection through the proxy.
type client struct {
	net.Conn
	t testing.TB
}

func (l *link) dial() client {
	l.t.Helper()
	conn, err := net.Dial("tcp", l.Addr())
	require.NoError(l.t, err)
	l.t.Cleanup(func() { conn.Close() })
	return client{conn, l.t}
}

// opened dials and makes sure that the proxy carries the connection.
func (l *link) opened() client {
	l.t.Helper()
	c := l.dial()
	c.echoes("hello")
	return c
}

func (c client) send(text string) {
	c.t.Helper()
	_, err := io.WriteString(c, text)
	require.NoError(c.t, err)
}

// receives waits for exactly that text.
func (c client) receives(text string) {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
	got := make([]byte, len(text))
	_, err := io.ReadFull(c, got)
	require.NoError(c.t, err)
	require.Equal(c.t, text, string(got))
}

func (c client) echoes(text string) {
	c.t.Helper()
	c.send(text)
	c.receives(text)
}

// hears nothing at all for a moment: no byte, no end.
func (c client) hearsNothing() {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(quiet)))
	n, err := c.Read(make([]byte, 1))
	require.Zero(c.t, n, "something got through")
	require.ErrorIs(c.t, err, os.ErrDeadlineExceeded)
}

// ends waits for the end of the connection and says what it was, nil for one
// in good order.
func (c client) ends() error {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
	_, err := io.Copy(io.Discard, onlyReader{c})
	require.NotErrorIs(c.t, err, os.ErrDeadlineExceeded, "the connection has not ended")
	return err
}
