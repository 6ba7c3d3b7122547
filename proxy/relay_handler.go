package proxy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/gorilla/mux"
)

// relayBody is a relay in the control API: a proxy of Toxiproxy's with one word
// more.
type relayBody struct {
	Name     string       `json:"name"`
	Listen   string       `json:"listen"`
	Upstream string       `json:"upstream"`
	Enabled  bool         `json:"enabled"`
	Network  string       `json:"network"`
	Toxics   []relayToxic `json:"toxics"`
}

// upstream names the services as the control API does.
func (r *Relay) upstream() string {
	var all []string
	for _, to := range r.upstreams {
		all = append(all, to.String())
	}
	return strings.Join(all, ",")
}

// body is the relay as the control API shows it; r.control is held.
func (r *Relay) body() relayBody {
	r.mu.Lock()
	defer r.mu.Unlock()
	return relayBody{r.name, r.Addr(), r.upstream(), r.open, udp, append([]relayToxic{}, r.toxics...)} // in JSON an empty list, and no null
}

// serveRelays answers the requests about relays, and leaves those about proxies
// to Toxiproxy.
func (s *Server) serveRelays(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
		if err != nil {
			answer(w, http.StatusBadRequest, fmt.Errorf("read request: %w", err))
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		route := mux.CurrentRoute(req).GetName()
		if r := s.relay(mux.Vars(req)["proxy"]); r != nil {
			r.control.Lock()
			defer r.control.Unlock()
			status, result, err := s.handleRelay(req, r, route, body)
			reply(w, status, result, err)
			return
		}
		switch route {
		case "ProxyIndex":
			s.listAll(w, req, next)
		case "ProxyCreate":
			asked, err := readProxy(body, true)
			switch {
			case err != nil || asked.Network != udp && s.relay(asked.Name) == nil:
				next.ServeHTTP(w, req)
			case asked.Network != udp:
				reply(w, 0, nil, toxiproxy.ErrProxyAlreadyExists)
			default:
				result, err := s.createRelay(req, asked)
				reply(w, http.StatusCreated, result, err)
			}
		case "ResetState":
			if err := s.resetRelays(req); err != nil {
				reply(w, 0, nil, err)
				return
			}
			next.ServeHTTP(w, req)
		default:
			next.ServeHTTP(w, req)
		}
	})
}

// handleRelay carries out a request about one relay; r.control is held.
func (s *Server) handleRelay(req *http.Request, r *Relay, route string, body []byte) (status int, result any, err error) {
	toxic := mux.Vars(req)["toxic"]
	switch route {
	case "ProxyShow":
		return http.StatusOK, r.body(), nil
	case "ProxyUpdate":
		err = r.update(req, body)
		return http.StatusOK, r.body(), err
	case "ProxyDelete":
		return http.StatusNoContent, nil, s.deleteRelay(r)
	case "ToxicIndex":
		return http.StatusOK, r.body().Toxics, nil
	case "ToxicShow":
		result, err = r.toxic(toxic)
		return http.StatusOK, result, err
	case "ToxicCreate":
		result, err = r.addToxic(req.Context(), body)
		return http.StatusOK, result, err
	case "ToxicUpdate":
		result, err = r.changeToxic(req.Context(), toxic, body)
		return http.StatusOK, result, err
	case "ToxicDelete":
		return http.StatusNoContent, nil, r.removeToxic(req.Context(), toxic)
	}
	return 0, nil, toxiproxy.ErrProxyNotFound
}

// reply answers in Toxiproxy's form.
func reply(w http.ResponseWriter, status int, result any, err error) {
	if known := (*toxiproxy.ApiError)(nil); errors.As(err, &known) {
		answer(w, known.StatusCode, err)
		return
	}
	if err != nil {
		answer(w, http.StatusBadRequest, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if result != nil {
		_ = json.NewEncoder(w).Encode(result) // who asked has gone if this fails
	}
}

// listAll answers with Toxiproxy's list of proxies and ours of relays in one.
func (s *Server) listAll(w http.ResponseWriter, req *http.Request, next http.Handler) {
	streams := collected{header: http.Header{}}
	next.ServeHTTP(&streams, req)
	all := map[string]any{}
	if err := json.Unmarshal(streams.Bytes(), &all); err != nil {
		reply(w, 0, nil, fmt.Errorf("list proxies: %w", err))
		return
	}
	s.mu.Lock()
	relays := maps.Clone(s.relays)
	s.mu.Unlock()
	for name, r := range relays {
		r.control.Lock()
		all[name] = r.body()
		r.control.Unlock()
	}
	reply(w, http.StatusOK, all, nil)
}

// collected is an answer that is not sent yet.
type collected struct {
	bytes.Buffer
	header http.Header
}

func (c *collected) Header() http.Header { return c.header }

func (c *collected) WriteHeader(int) {}

func (s *Server) createRelay(req *http.Request, asked *proxyBody) (any, error) {
	r, err := s.AddPacket(asked.Name, asked.Listen, asked.Upstream, Limits{})
	if err != nil {
		return nil, err
	}
	if asked.Enabled == nil || *asked.Enabled {
		err = r.Enable(req.Context())
	}
	r.control.Lock()
	defer r.control.Unlock()
	return r.body(), err
}

// update enables a relay or disables it. Its addresses stay: clients and
// sessions hang on them.
func (r *Relay) update(req *http.Request, body []byte) error {
	asked, err := readProxy(body, false)
	switch {
	case err != nil:
		return err
	case asked.Listen != "" && asked.Listen != r.Addr() || asked.Upstream != "" && asked.Upstream != r.upstream():
		return errors.New("listen and upstream of a relay cannot be changed; delete it and make another")
	case asked.Enabled == nil:
		return nil
	case *asked.Enabled:
		return r.Enable(req.Context())
	}
	return r.Disable(req.Context())
}

func (s *Server) deleteRelay(r *Relay) error {
	if !r.free() {
		return occupied(r.name)
	}
	s.mu.Lock()
	delete(s.relays, r.name)
	s.mu.Unlock()
	return r.close()
}

// resetRelays enables all relays and takes their toxics away.
func (s *Server) resetRelays(req *http.Request) error {
	if err := s.noFaults(""); err != nil {
		return err
	}
	s.mu.Lock()
	relays := maps.Clone(s.relays)
	s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(relays)) {
		if err := relays[name].reset(req.Context()); err != nil {
			return err
		}
	}
	return nil
}
