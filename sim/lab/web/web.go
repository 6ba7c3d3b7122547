// Package web lets labs speak HTTP/1.1 through their Env: a server on a
// documented port, and a client that dials over a link.
package web

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"faultlab/sim/lab"
)

// Serve answers requests on a port until ctx ends. An overloaded node answers
// 503 and does nothing. Each connection is recorded as an Accept. Zero timeouts mean none, as in http.Server.
func Serve(ctx context.Context, env lab.Env, port int, s *http.Server) error {
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	return ServeOn(ctx, env, ln, s)
}

// ServeOn is Serve on a listener of the caller's own making.
func ServeOn(ctx context.Context, env lab.Env, ln net.Listener, s *http.Server) error {
	handler := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if env.Overloaded() {
			http.Error(w, "503 Service Unavailable", http.StatusServiceUnavailable)
			return
		}
		handler.ServeHTTP(w, r)
	})
	s.ErrorLog = log.New(console{env}, "", 0)
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	if err := s.Serve(lab.Accepting(env, ln)); !errors.Is(err, http.ErrServerClosed) && ctx.Err() == nil {
		return err
	}
	return nil
}

// console prints what net/http logs as the node's own lines.
type console struct{ env lab.Env }

func (c console) Write(p []byte) (int, error) {
	c.env.Printf("%s", strings.TrimSpace(string(p)))
	return len(p), nil
}

// Client makes requests over the link to a node. Without keepAlive each takes
// a connection of its own. A timeout of 0 waits for ever.
func Client(env lab.Env, to string, keepAlive bool, timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DisableKeepAlives: !keepAlive,
			MaxIdleConns:      1,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return env.Dial(ctx, to)
			},
		},
	}
}

// OneAtATime makes a listener give out the next connection only when the last
// one is closed, as a server without threads does.
func OneAtATime(ln net.Listener) net.Listener {
	return &oneAtATime{Listener: ln, free: make(chan struct{}, 1), closed: make(chan struct{})}
}

type oneAtATime struct {
	net.Listener
	free   chan struct{} // holds a token while a connection is open
	closed chan struct{}
	once   sync.Once
}

func (l *oneAtATime) Accept() (net.Conn, error) {
	select {
	case l.free <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &onlyConn{Conn: c, done: l.free}, nil
}

func (l *oneAtATime) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type onlyConn struct {
	net.Conn
	done chan struct{}
	once sync.Once
}

func (c *onlyConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { <-c.done })
	return err
}
