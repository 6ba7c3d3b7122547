package proxy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/gorilla/mux"
)

// control builds the control API: Toxiproxy's routes behind our checks. It is
// called once, for Toxiproxy's metrics refuse to be registered again.
func (s *Server) control() http.Handler {
	routes := s.api.Routes()
	// After the route was found: what we check is what Toxiproxy will do,
	// however the path was spelled.
	routes.Use(s.serveRelays, s.vet)
	return onlyFromHere(routes)
}

// onlyFromHere refuses requests that were sent to a name: a web page can make
// its own name lead to this machine, and then talk to it in a browser's name.
func onlyFromHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if host != "localhost" && (err != nil || !addr.IsLoopback()) {
			answer(w, http.StatusForbidden, fmt.Errorf("host %q is not this machine; use 127.0.0.1", r.Host))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// maxBody is far more than a whole configuration takes.
const maxBody = 1 << 20

// vet checks a request before Toxiproxy reads it, and replaces its body by
// what was understood of it: two readers of one body need not agree.
func (s *Server) vet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			answer(w, http.StatusBadRequest, fmt.Errorf("read request: %w", err))
			return
		}
		vars := mux.Vars(r)
		defer s.hold(vars["proxy"])()
		var understood any
		switch mux.CurrentRoute(r).GetName() {
		case "ToxicCreate":
			var toxic *toxicBody
			if toxic, err = readToxic(body); err == nil {
				defer s.bind(vars["proxy"], toxic)()
			}
			understood = toxic
		case "ToxicUpdate":
			if err = notReserved(vars["toxic"]); err == nil {
				understood, err = s.readUpdate(vars["proxy"], vars["toxic"], body)
			}
		case "ToxicDelete":
			err = notReserved(vars["toxic"])
		case "ProxyCreate":
			understood, err = readProxy(body, true)
		case "ProxyUpdate":
			understood, err = readProxy(body, false)
		case "ResetState":
			err = s.noFaults("")
		case "ProxyDelete":
			err = s.noFaults(vars["proxy"])
		case "Populate":
			understood, err = readProxies(body)
		}
		if err == nil && understood != nil {
			body, err = json.Marshal(understood)
		}
		if err != nil {
			status := http.StatusBadRequest
			if known := (*toxiproxy.ApiError)(nil); errors.As(err, &known) {
				status = known.StatusCode
			}
			answer(w, status, err)
			return
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		if p := s.proxy(vars["proxy"]); p != nil {
			forgetDying(p.toxi)
		}
		next.ServeHTTP(w, r)
	})
}

// hold keeps the calls of a scenario off a proxy, or off all if the name is "".
// Toxiproxy lists its proxies without a lock, while they come and go.
func (s *Server) hold(name string) (release func()) {
	s.mu.Lock()
	var held []*Proxy
	// Sorted, or two requests could wait for one another.
	for _, key := range slices.Sorted(maps.Keys(s.proxies)) {
		if name == "" || name == key {
			held = append(held, s.proxies[key])
		}
	}
	s.mu.Unlock()
	for _, p := range held {
		p.control.Lock()
	}
	return func() {
		for _, p := range held {
			p.control.Unlock()
		}
	}
}

// notReserved refuses to touch the toxics of a scenario: its run would go on
// without the fault that it is about.
func notReserved(toxic string) error {
	if !strings.HasPrefix(toxic, reserved) {
		return nil
	}
	return &toxiproxy.ApiError{
		Message:    fmt.Sprintf("toxic %s belongs to the running scenario; add one of your own", toxic),
		StatusCode: http.StatusConflict,
	}
}

// noFaults refuses what would end the faults of a scenario on a proxy, or on
// any if the name is "": a reset takes toxics away, and brings links up that
// are down.
func (s *Server) noFaults(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.relays {
		if name == "" && !r.free() {
			return occupied(r.name)
		}
	}
	for _, p := range s.proxies {
		if (name == "" || name == p.toxi.Name) && p.faults.Load() > 0 {
			return occupied(p.toxi.Name)
		}
	}
	return nil
}

// occupied is the answer to what would end the faults of a scenario.
func occupied(name string) error {
	return &toxiproxy.ApiError{
		Message:    fmt.Sprintf("a fault of the running scenario is in force on %s; take away single toxics of your own", name),
		StatusCode: http.StatusConflict,
	}
}

// bind makes a toxic a use of its fault, so that it knows its connections like
// those of a scenario. It returns what to do when the toxic is in place.
func (s *Server) bind(proxy string, toxic *toxicBody) (placed func()) {
	p := s.proxy(proxy)
	if _, ours := toxic.made.(stage); !ours || p == nil {
		return func() {}
	}
	active := newActive(toxic.kind)
	active.carrier = p
	number, release := uses.put(use{active, toxic.direction})
	toxic.Attributes["use"] = number
	return func() {
		active.inForce.Store(true)
		release()
	}
}

// answer gives an error in Toxiproxy's own form.
func answer(w http.ResponseWriter, status int, err error) {
	text, _ := json.Marshal(toxiproxy.ApiError{Message: err.Error(), StatusCode: status})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // who asked has gone if this fails
}
