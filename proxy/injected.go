package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// Injected is a fault in force on a proxy.
type Injected struct {
	proxy  *Proxy
	active *Active
	stock  []string // names of Toxiproxy's own toxics, in the order in which they were added
	ours   []string // names of the others
}

// Inject puts a fault on the link. It returns when the fault is in force, for
// the connections that the proxy has as well as for new ones. A connection
// counts as open once the proxy has accepted it and reached the service, which
// may be a moment after its client's dial returned.
func (p *Proxy) Inject(ctx context.Context, f Fault) (*Injected, error) {
	active, err := Prepare(f)
	if err != nil {
		return nil, fmt.Errorf("inject into %s: %w", p.toxi.Name, err)
	}
	active.carrier = p
	in := &Injected{proxy: p, active: active}
	p.faults.Add(1)
	if err := p.call(ctx, "inject "+f.Kind+" into", in.begin); err != nil {
		p.faults.Add(-1)
		return nil, err
	}
	return in, nil
}

func (in *Injected) begin(ctx context.Context) error {
	defer in.active.inForce.Store(true)
	if in.active.kind.Name == Down {
		in.active.Cut(clients(in.proxy.toxi))
		in.proxy.downs[in.active] = true
		return in.proxy.settle()
	}
	in.proxy.sweep(ctx)
	for _, d := range []stream.Direction{stream.Upstream, stream.Downstream} {
		for _, stage := range in.active.Stages(d) {
			if err := in.add(d, stage); err != nil {
				return errors.Join(err, in.end(ctx))
			}
		}
	}
	return nil
}

// reserved begins the names of a scenario's toxics.
const reserved = "fault-"

// add puts one stage at the end of Toxiproxy's chain in that direction.
func (in *Injected) add(d stream.Direction, stage toxics.Toxic) error {
	kind := in.active.kind.Name
	if _, ok := stage.(*meter); ok {
		kind = meterType
	}
	attributes, err := encode(stage)
	if err != nil {
		return err
	}
	number, release := uses.put(use{in.active, d})
	defer release()
	attributes["use"] = json.Number(strconv.FormatInt(number, 10)) // Toxiproxy's own ignore it
	text, err := json.Marshal(map[string]any{
		"name":       fmt.Sprintf("%s%d-%s-%s", reserved, number, kind, d),
		"type":       kind,
		"stream":     d.String(),
		"attributes": attributes,
	})
	if err != nil {
		return fmt.Errorf("write toxic %s: %w", kind, err)
	}
	forgetDying(in.proxy.toxi)
	toxic, err := in.proxy.toxi.Toxics.AddToxicJson(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("add toxic %s: %w", kind, err)
	}
	if Stays(stage) {
		in.ours = append(in.ours, toxic.Name)
	} else {
		in.stock = append(in.stock, toxic.Name)
	}
	return nil
}

// end ends the fault. Toxiproxy loses bytes, or hangs, when it takes a toxic
// away from a link whose reader stalls or that is just about to end: that is
// done to its own toxics only, which know no other end. Ours let pass by
// themselves what may pass; sweep takes them away some other time.
func (in *Injected) end(ctx context.Context) error {
	in.active.End()
	in.proxy.spent = append(in.proxy.spent, in.ours...)
	var errs []error
	for _, name := range slices.Backward(in.stock) {
		forgetDying(in.proxy.toxi)
		if err := in.proxy.toxi.Toxics.RemoveToxic(ctx, name); err != nil {
			errs = append(errs, fmt.Errorf("remove toxic %s: %w; was it taken away through the control API?", name, err))
		}
	}
	return errors.Join(errs...)
}

// Heal ends the fault and tells what it met. It is called once.
func (in *Injected) Heal(ctx context.Context) (Effect, error) {
	defer in.proxy.faults.Add(-1)
	kind := in.active.kind.Name
	err := in.proxy.call(ctx, "heal "+kind+" of", func(ctx context.Context) error {
		if kind == Down {
			delete(in.proxy.downs, in.active)
			return in.proxy.settle()
		}
		return in.end(ctx)
	})
	return in.active.Effect(), err
}
