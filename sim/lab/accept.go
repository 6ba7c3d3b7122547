package lab

import (
	"net"

	"faultlab/sim/history"
)

// Accepting makes a listener record each connection that it gives out, before
// anything is read from it.
func Accepting(env Env, ln net.Listener) net.Listener { return accepting{ln, env} }

type accepting struct {
	net.Listener
	env Env
}

func (l accepting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.env.Record(history.Event{Kind: history.Accept, Detail: c.RemoteAddr().String()})
	}
	return c, err
}
