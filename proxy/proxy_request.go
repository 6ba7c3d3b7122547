package proxy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/Shopify/toxiproxy/v2"
)

// proxyBody is the body of a request for a proxy.
type proxyBody struct {
	Name     string `json:"name,omitempty"`
	Listen   string `json:"listen,omitempty"`
	Upstream string `json:"upstream,omitempty"`
	Enabled  *bool  `json:"enabled,omitempty"`
	Network  string `json:"network,omitempty"` // tcp, or udp for a relay; "": tcp
}

// The networks.
const (
	tcp = "tcp"
	udp = "udp"
)

// check refuses addresses that are not on this machine. What stands in need
// not be given in an update; in a new proxy, "" would listen on the network.
func (b proxyBody) check(all bool) error {
	for _, field := range []struct{ name, address string }{{"listen", b.Listen}, {"upstream", b.Upstream}} {
		if field.address == "" && !all {
			continue
		}
		if _, err := loopback(field.name, field.address); err != nil {
			return err
		}
	}
	switch {
	case all && b.Name == "":
		return errors.New("name: is required")
	case b.Network != "" && b.Network != tcp && b.Network != udp:
		return fmt.Errorf("network: %q is neither tcp nor udp", b.Network)
	}
	return nil
}

// readProxy reads the body that makes a proxy, or changes one.
func readProxy(body []byte, all bool) (*proxyBody, error) {
	var b proxyBody
	if err := decode(body, &b); err != nil {
		return nil, err
	}
	return &b, b.check(all)
}

// readProxies reads the body that makes many proxies.
func readProxies(body []byte) ([]proxyBody, error) {
	list := []proxyBody{}
	if err := decode(body, &list); err != nil {
		return nil, err
	}
	for i, b := range list {
		if err := b.check(true); err != nil {
			return nil, fmt.Errorf("proxy %d: %w", i+1, err)
		}
		if b.Network == udp {
			return nil, fmt.Errorf("proxy %d: network: populate makes proxies of streams alone; POST this one to /proxies", i+1)
		}
	}
	return list, nil
}

// decode reads one JSON value and leaves out fields it does not know: clients
// send whole proxies back, toxics and all.
func decode(body []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", toxiproxy.ErrBadRequestBody.Message, err)
	}
	if len(bytes.TrimSpace(body[dec.InputOffset():])) > 0 {
		return fmt.Errorf("%s: something follows it", toxiproxy.ErrBadRequestBody.Message)
	}
	return nil
}
