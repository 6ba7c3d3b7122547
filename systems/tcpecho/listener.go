package tcpecho

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"syscall"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// visit is a connection that the server has accepted.
type visit struct {
	net.Conn
	env  lab.Env
	name string // unlike its address, which is the proxy's, it tells one from another
}

// serve accepts connections and gives each a thread (TCPServer.start).
func serve(ctx context.Context, env lab.Env, handle func(visit) error) error {
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	env.Printf("TCP Server started on %s", ln.Addr())
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	var threads sync.WaitGroup
	defer threads.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	accepting := lab.Accepting(env, ln)
	for n := 1; ; n++ {
		c, err := accepting.Accept()
		if ctx.Err() != nil {
			if err == nil {
				c.Close()
			}
			env.Printf("Server shutting down...")
			env.Printf("Server stopped")
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept a connection: %w", err)
		}
		v := visit{c, env, fmt.Sprintf("connection %d", n)}
		env.Printf("New connection from %s", v.address())
		threads.Go(func() { v.run(ctx, handle) })
	}
}

// run handles a connection to its end (TCPServer.handle_client).
func (v visit) run(ctx context.Context, handle func(visit) error) {
	stop := context.AfterFunc(ctx, func() { v.Close() })
	defer stop()
	err := handle(v)
	// A fault may end many connections in one instant; an event has a time of
	// its own, and puts their lines in an order.
	why := exit
	if err != nil {
		why = err.Error()
	}
	v.env.Record(history.Event{Kind: history.Decide, Op: "connection", ID: v.name, Detail: v.name + ": " + why + " → close"})
	switch {
	case err == nil: // the client said exit
	case errors.Is(err, io.EOF):
		v.env.Printf("Connection closed by %s", v.address())
	case errors.Is(err, syscall.ECONNRESET):
		v.env.Printf("Connection lost with %s", v.address())
	default:
		v.env.Printf("Error with %s: %v", v.address(), err)
	}
	v.Close()
	v.env.Printf("Connection with %s closed", v.address())
}

// address is the client's, as Python prints the pair.
func (v visit) address() string {
	host, port, _ := net.SplitHostPort(v.RemoteAddr().String())
	return fmt.Sprintf("('%s', %s)", host, port)
}

// welcome is the server's first word. Nothing marks its end.
func (v visit) welcome() error {
	v.env.Record(history.Event{Kind: history.Send, Op: "welcome", ID: v.name, Msg: "re welcome"})
	_, err := io.WriteString(v, welcomes+v.address())
	return err
}

const welcomes = "Welcome to TCP Server! Your address: "
