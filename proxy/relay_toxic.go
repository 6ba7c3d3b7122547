package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/stream"
)

// relayToxic is a fault on a relay that came through the control API.
type relayToxic struct {
	Name       string           `json:"name"`
	Type       string           `json:"type"`
	Stream     string           `json:"stream"`
	Toxicity   float32          `json:"toxicity"`
	Attributes map[string]int64 `json:"attributes"`

	fault *RelayFault
}

// addToxic carries out the request that adds a toxic; r.control is held.
func (r *Relay) addToxic(ctx context.Context, body []byte) (relayToxic, error) {
	raw := rawToxic{Stream: stream.Downstream.String()}
	if err := decode(body, &raw); err != nil {
		return relayToxic{}, err
	}
	if raw.Name == "" {
		raw.Name = raw.Type + "_" + raw.Stream
	}
	if _, err := r.toxic(raw.Name); err == nil {
		return relayToxic{}, toxiproxy.ErrToxicAlreadyExists
	}
	t, err := r.inject(ctx, raw)
	if err == nil {
		r.toxics = append(r.toxics, t)
	}
	return t, err
}

// inject puts a toxic in force.
func (r *Relay) inject(ctx context.Context, raw rawToxic) (relayToxic, error) {
	kind, err := kindOf(raw.Type)
	if err != nil || kind.packets == nil {
		return relayToxic{}, fmt.Errorf("%w: %q; on datagrams there are %s", toxiproxy.ErrInvalidToxicType, raw.Type, strings.Join(packetNames(), ", "))
	}
	if raw.Toxicity != nil && *raw.Toxicity != 1 {
		return relayToxic{}, errors.New("toxicity: there are no connections of which a share could be touched; leave it out")
	}
	direction, err := stream.ParseDirection(raw.Stream)
	if err != nil {
		return relayToxic{}, toxiproxy.ErrInvalidStream
	}
	values, err := kind.read(raw.Attributes)
	if err != nil {
		return relayToxic{}, fmt.Errorf("%s: %w", kind.Name, err)
	}
	up := direction == stream.Upstream
	fault, err := r.put(ctx, Fault{Kind: kind.Name, Upstream: up, Downstream: !up, Values: values}, false)
	if err != nil {
		return relayToxic{}, err
	}
	t := relayToxic{
		Name: raw.Name, Type: kind.Name, Stream: direction.String(), Toxicity: 1, Attributes: map[string]int64{},
		fault: fault,
	}
	for _, p := range kind.Attrs {
		if _, timed := p.Default.(time.Duration); timed {
			t.Attributes[p.Name] = int64(values.Duration(p.Name) / kind.unit)
		} else {
			t.Attributes[p.Name] = int64(values.Int(p.Name))
		}
	}
	return t, nil
}

// packetNames lists the faults on datagrams that can be toxics.
func packetNames() []string {
	var names []string
	for _, k := range Kinds() {
		if k.packets != nil {
			names = append(names, k.Name)
		}
	}
	return names
}

// toxic finds one by its name; r.control is held.
func (r *Relay) toxic(name string) (relayToxic, error) {
	i := slices.IndexFunc(r.toxics, func(t relayToxic) bool { return t.Name == name })
	if i < 0 {
		return relayToxic{}, toxiproxy.ErrToxicNotFound
	}
	return r.toxics[i], nil
}

// changeToxic carries out the request that changes a toxic's attributes. Those
// that it leaves out stay as they are. The toxic begins anew, at the end.
func (r *Relay) changeToxic(ctx context.Context, name string, body []byte) (relayToxic, error) {
	old, err := r.toxic(name)
	if err != nil {
		return relayToxic{}, err
	}
	var raw rawToxic
	if err := decode(body, &raw); err != nil {
		return relayToxic{}, err
	}
	all := map[string]json.Number{}
	for name, n := range old.Attributes {
		all[name] = json.Number(fmt.Sprint(n))
	}
	for name, n := range raw.Attributes {
		all[name] = n
	}
	t, err := r.inject(ctx, rawToxic{Name: old.Name, Type: old.Type, Stream: old.Stream, Toxicity: raw.Toxicity, Attributes: all})
	if err != nil {
		return relayToxic{}, err
	}
	err = r.removeToxic(ctx, name)
	r.toxics = append(r.toxics, t)
	return t, err
}

// removeToxic ends a toxic; r.control is held.
func (r *Relay) removeToxic(ctx context.Context, name string) error {
	t, err := r.toxic(name)
	if err != nil {
		return err
	}
	r.toxics = slices.DeleteFunc(r.toxics, func(t relayToxic) bool { return t.Name == name })
	_, err = t.fault.Heal(ctx)
	return err
}

// reset enables the relay and ends its toxics.
func (r *Relay) reset(ctx context.Context) error {
	r.control.Lock()
	defer r.control.Unlock()
	for len(r.toxics) > 0 {
		if err := r.removeToxic(ctx, r.toxics[0].Name); err != nil {
			return err
		}
	}
	return r.Enable(ctx)
}

// free reports whether no fault of a scenario is in force.
func (r *Relay) free() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.scripted == 0
}
