package proxy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"sync"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	zlog "github.com/rs/zerolog/log"
)

// Some toxics of Toxiproxy log every chunk, through zerolog's global logger
// and whatever logger their server has.
func init() { zlog.Logger = zerolog.Nop() }

// Server is an embedded Toxiproxy, a set of proxies, and a set of relays, which
// are for datagrams what those are for streams. All are on loopback; what comes
// from outside is heard by JoinGroup alone.
type Server struct {
	api     *toxiproxy.ApiServer
	handler http.Handler

	mu      sync.Mutex
	proxies map[string]*Proxy
	relays  map[string]*Relay
}

// NewServer returns a server without proxies.
func NewServer() *Server {
	s := &Server{
		// Without a metrics container the end of the first connection panics.
		api:     toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()),
		proxies: map[string]*Proxy{}, relays: map[string]*Relay{},
	}
	s.handler = s.control()
	return s
}

// Add makes a proxy, disabled as yet, that leads from listen to upstream. Both
// must be on loopback; listen may end in ":0" for any free port.
func (s *Server) Add(name, listen, upstream string) (*Proxy, error) {
	if _, err := loopback("listen", listen); err != nil {
		return nil, fmt.Errorf("add proxy %s: %w", name, err)
	}
	if to, err := loopback("upstream", upstream); err != nil {
		return nil, fmt.Errorf("add proxy %s: %w", name, err)
	} else if to.Port() == 0 {
		return nil, fmt.Errorf("add proxy %s: upstream %s has no port", name, upstream)
	}
	// A listener of our own finds the free port, and tells before the run
	// starts that a fixed one is taken.
	var probe net.Listener
	err := openPort(func() (err error) {
		probe, err = net.Listen("tcp", listen)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add proxy %s: %w; give it another port", name, err)
	}
	listen = probe.Addr().String()
	if err := probe.Close(); err != nil {
		return nil, fmt.Errorf("add proxy %s: %w", name, err)
	}
	if s.relay(name) != nil {
		return nil, fmt.Errorf("add proxy %s: a relay has that name", name)
	}
	p := newProxy(toxiproxy.NewProxy(s.api, name, listen, upstream))
	if err := s.api.Collection.Add(p.toxi, false); err != nil {
		return nil, fmt.Errorf("add proxy %s: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proxies[name] = p
	return p, nil
}

// proxy finds a proxy that was made by Add.
func (s *Server) proxy(name string) *Proxy {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proxies[name]
}

// relay finds a relay by its name.
func (s *Server) relay(name string) *Relay {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.relays[name]
}

// Handler is Toxiproxy's control API, for toxiproxy-cli and the like, and the
// same for relays, which are proxies with the network "udp" in it. It refuses what would crash or leave this machine, and hands off the faults of
// a scenario.
func (s *Server) Handler() http.Handler { return s.handler }

// Close takes all proxies and relays down with all their connections, those as
// well that were made through the control API.
func (s *Server) Close() error {
	var all sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for name, toxi := range s.api.Collection.Proxies() {
		p := s.proxy(name)
		if p == nil || p.toxi != toxi {
			p = newProxy(toxi)
		}
		all.Go(func() {
			if err := p.close(context.Background()); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	all.Wait()
	s.mu.Lock()
	relays := maps.Clone(s.relays)
	s.mu.Unlock()
	for _, r := range relays {
		errs = append(errs, r.close())
	}
	return errors.Join(errs...)
}
