package proxy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

// toxicBody is the body of a request for a toxic, once it was understood.
type toxicBody struct {
	Name       string           `json:"name,omitempty"`
	Type       string           `json:"type,omitempty"`
	Stream     string           `json:"stream,omitempty"`
	Toxicity   *float32         `json:"toxicity,omitempty"`
	Attributes map[string]int64 `json:"attributes"`

	kind      Kind
	direction stream.Direction
	made      toxics.Toxic
}

// rawToxic is that body as it was sent. Attributes keep their digits: as a
// float, 1e300 and -1 would both pass for a number.
type rawToxic struct {
	Name       string                 `json:"name"`
	Type       string                 `json:"type"`
	Stream     string                 `json:"stream"`
	Toxicity   *float32               `json:"toxicity"`
	Attributes map[string]json.Number `json:"attributes"`
}

func (r rawToxic) check() error {
	if r.Toxicity != nil && (*r.Toxicity < 0 || *r.Toxicity > 1) {
		return fmt.Errorf("toxicity: %v is no share; it goes from 0 to 1", *r.Toxicity)
	}
	return nil
}

// readToxic reads the body that adds a toxic.
func readToxic(body []byte) (*toxicBody, error) {
	raw := rawToxic{Stream: stream.Downstream.String()}
	if err := decode(body, &raw); err != nil {
		return nil, err
	}
	if err := raw.check(); err != nil {
		return nil, err
	}
	kind, err := kindOf(raw.Type)
	if err != nil || kind.toxic == nil {
		return nil, fmt.Errorf("%w: %q; known are %s", toxiproxy.ErrInvalidToxicType, raw.Type, strings.Join(toxicNames(), ", "))
	}
	if strings.HasPrefix(raw.Name, reserved) {
		return nil, fmt.Errorf("name: %s… are the toxics of the scenario; take another one", reserved)
	}
	direction, err := stream.ParseDirection(raw.Stream)
	if err != nil {
		return nil, toxiproxy.ErrInvalidStream
	}
	made, attributes, err := kind.decode(raw.Attributes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind.Name, err)
	}
	return &toxicBody{
		Name: raw.Name, Type: raw.Type, Stream: direction.String(), Toxicity: raw.Toxicity, Attributes: attributes,
		kind: kind, direction: direction, made: made,
	}, nil
}

// toxicNames lists the faults that are toxics.
func toxicNames() []string {
	var names []string
	for _, k := range Kinds() {
		if k.toxic != nil {
			names = append(names, k.Name)
		}
	}
	return names
}

// readUpdate reads the body that changes a toxic: attributes that it leaves
// out stay as they are, and the whole must make sense.
func (s *Server) readUpdate(proxy, name string, body []byte) (*toxicBody, error) {
	p, err := s.api.Collection.Get(proxy)
	if err != nil {
		return nil, err
	}
	toxic := p.Toxics.GetToxic(name)
	if toxic == nil {
		return nil, toxiproxy.ErrToxicNotFound
	}
	var raw rawToxic
	if err := decode(body, &raw); err != nil {
		return nil, err
	}
	if err := raw.check(); err != nil {
		return nil, err
	}
	kind, err := kindOf(toxic.Type)
	if err != nil {
		return nil, err
	}
	all, err := encode(toxic.Toxic)
	if err != nil {
		return nil, err
	}
	for name, value := range raw.Attributes {
		all[name] = value
	}
	_, attributes, err := kind.decode(all)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind.Name, err)
	}
	return &toxicBody{Toxicity: raw.Toxicity, Attributes: attributes}, nil
}

// decode reads attributes as they stand in Toxiproxy's JSON, checks them, and
// gives the toxic they make and all of its attributes.
func (k Kind) decode(attributes map[string]json.Number) (toxics.Toxic, map[string]int64, error) {
	for _, name := range k.OnlyPackets {
		if _, given := attributes[name]; given {
			return nil, nil, &param.Error{Name: name, Err: errors.New("acts on datagrams, and this proxy carries streams")}
		}
	}
	v, err := k.read(attributes)
	if err != nil {
		return nil, nil, err
	}
	toxic := k.toxic(v)
	numbers, err := encode(toxic)
	if err != nil {
		return nil, nil, err
	}
	plain := map[string]int64{}
	for name, number := range numbers {
		if plain[name], err = number.Int64(); err != nil {
			return nil, nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	return toxic, plain, nil
}

// read gives the values of attributes as they stand in Toxiproxy's JSON.
func (k Kind) read(attributes map[string]json.Number) (param.Values, error) {
	text := map[string]string{}
	for name, number := range attributes {
		n, err := strconv.ParseInt(number.String(), 10, 64)
		if err != nil {
			return param.Values{}, &param.Error{Name: name, Err: fmt.Errorf("%s is no whole number", number)}
		}
		text[name] = strconv.FormatInt(n, 10)
		for _, p := range k.Attrs {
			if _, timed := p.Default.(time.Duration); timed && p.Name == name {
				text[name] += map[time.Duration]string{time.Millisecond: "ms", time.Microsecond: "us"}[k.unit]
			}
		}
	}
	return k.parse(text)
}

// encode gives a toxic's attributes as they stand in Toxiproxy's JSON.
func encode(toxic toxics.Toxic) (map[string]json.Number, error) {
	text, err := json.Marshal(toxic)
	if err != nil {
		return nil, fmt.Errorf("write attributes: %w", err)
	}
	attributes := map[string]json.Number{}
	if err := json.Unmarshal(text, &attributes); err != nil {
		return nil, fmt.Errorf("read attributes again: %w", err)
	}
	return attributes, nil
}
