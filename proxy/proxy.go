package proxy

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// Proxy is one link of a lab, on real sockets. Its calls end when their ctx
// does, within four seconds at most; one that did not come back by then wraps
// ErrHung.
type Proxy struct {
	toxi *toxiproxy.Proxy
	addr string

	faults atomic.Int64 // of the scenario, in force or about to be

	control sync.Mutex // one control call at a time; held while it hangs
	open    bool       // guarded by control: the caller wants it enabled
	downs   map[*Active]bool
	spent   []string // guarded by control: names of toxics whose fault is over
	shut    bool     // guarded by control: closed for good

	mu       sync.Mutex     // guards the rest; never held while anything blocks
	clients  map[string]int // numbers of connections by the client's address
	numbered int            // how many connections have had a number
	parted   chan struct{}  // closed when all connections of now have been closed
}

func newProxy(toxi *toxiproxy.Proxy) *Proxy {
	return &Proxy{
		toxi:    toxi,
		addr:    toxi.Listen,
		downs:   map[*Active]bool{},
		clients: map[string]int{},
		parted:  make(chan struct{}),
	}
}

// Addr is the address that it listens on while it is enabled.
func (p *Proxy) Addr() string { return p.addr }

// Enable lets connections through, unless a down is in force: then they are
// let through from its end.
func (p *Proxy) Enable(ctx context.Context) error {
	return p.call(ctx, "enable", func(context.Context) error {
		p.open = true
		return p.settle()
	})
}

// Disable closes all connections and refuses new ones until Enable. The
// address stays the same.
func (p *Proxy) Disable(ctx context.Context) error {
	return p.call(ctx, "disable", func(context.Context) error {
		p.open = false
		return p.settle()
	})
}

// call makes a control call in its turn, on a proxy that is not closed.
func (p *Proxy) call(ctx context.Context, what string, do func(context.Context) error) error {
	return p.turn(ctx, what, func(ctx context.Context) error {
		if p.shut {
			return errors.New("the proxy is closed")
		}
		return do(ctx)
	})
}

func (p *Proxy) turn(ctx context.Context, what string, do func(context.Context) error) error {
	return bounded(ctx, what+" "+p.toxi.Name, func(ctx context.Context) error {
		p.control.Lock()
		defer p.control.Unlock()
		if err := ctx.Err(); err != nil {
			return err
		}
		return do(ctx)
	})
}

// settle brings Toxiproxy into the state that the caller and the faults ask
// for. Both of its calls do nothing where that is so already.
func (p *Proxy) settle() error {
	if p.open && len(p.downs) == 0 && !p.shut {
		err := openPort(p.toxi.Start)
		if err != nil && !errors.Is(err, toxiproxy.ErrProxyAlreadyStarted) {
			return fmt.Errorf("listen on %s: %w", p.addr, err)
		}
		return nil
	}
	p.toxi.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.parted)
	p.parted = make(chan struct{})
	clear(p.clients) // the system may give a client's port to another one
	return nil
}

// sweep takes away toxics whose fault is over, while there is no connection
// that could suffer from it: a fault that comes every 50 ms would otherwise
// leave a chain of hundreds behind. One that the control API took away before
// is not missed.
func (p *Proxy) sweep(ctx context.Context) {
	idle := true
	links(p.toxi, func(string, []*toxics.ToxicStub, int) { idle = false })
	if !idle {
		return
	}
	for _, name := range p.spent {
		_ = p.toxi.Toxics.RemoveToxic(ctx, name)
	}
	p.spent = nil
}

// close takes the proxy down for good.
func (p *Proxy) close(ctx context.Context) error {
	return p.turn(ctx, "close", func(context.Context) error {
		p.shut = true
		return p.settle()
	})
}

// gone implements carrier.
func (p *Proxy) gone() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.parted
}

// identify implements carrier. Connections are named by number, so that the
// draws of a fault do not hang on a port that the system chose.
func (p *Proxy) identify(stub *toxics.ToxicStub) <-chan Conn {
	answer := make(chan Conn, 1)
	go func() {
		client := clientOf(p.toxi, stub)
		p.mu.Lock()
		number, known := p.clients[client]
		if !known {
			p.numbered++
			number = p.numbered
		}
		if client != "" { // else it has ended already
			p.clients[client] = number
		}
		p.mu.Unlock()
		answer <- Conn{
			Name:  "#" + strconv.Itoa(number),
			Reset: func() { resetConnection(p.toxi, client) },
		}
	}()
	return answer
}
