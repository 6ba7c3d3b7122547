package world

import (
	"context"
	"fmt"
	"slices"

	"faultlab/proxy"
	"faultlab/scenarios"
	"faultlab/sim/param"
)

const partition = "partition"

// partitionWord is the one link fault that stands here: it is no fault of its
// own but others on many links.
var partitionWord = scenarios.FaultWord{
	Name: partition,
	On:   scenarios.OnGroups,
	Attrs: param.List{{
		Name: "reset", Default: false,
		Doc: "Cut the links (down) instead of holding them: connections break, dials are refused.",
	}},
	Doc:    "Nothing passes between the groups, in either direction; inside a group all goes on. Nothing is lost: what was held arrives, in order, when the partition heals.",
	Effect: "traffic ran into it, or a dial was refused",
}

// inject puts a link fault on the link it names, or on all links between the
// groups of a partition.
func (r *run) inject(ctx context.Context, u *use) error {
	f := proxy.Fault{
		Kind:       u.fault.Name,
		Upstream:   u.fault.Direction != "downstream",
		Downstream: u.fault.Direction != "upstream",
		Values:     u.fault.Values,
		Seed:       u.seed(r.spec.Seed),
	}
	links := []string{u.fault.Link}
	if u.fault.Name == partition {
		f.Kind, f.Values = proxy.Hold, param.Values{}
		if u.fault.Values.Bool("reset") {
			f.Kind = proxy.Down
		}
		links = u.report.links
	}
	for _, link := range links {
		in, err := r.cluster.Inject(ctx, link, f)
		if err != nil {
			return fmt.Errorf("put it on %s: %w", link, err)
		}
		u.links = append(u.links, in)
	}
	return nil
}

// heal takes a link fault away again and adds up what it met.
func (r *run) heal(ctx context.Context, u *use) error {
	var first error
	for _, in := range u.links {
		effect, err := in.Heal(ctx)
		if err != nil && first == nil {
			first = err
		}
		r.mu.Lock()
		u.report.effect.Add(effect)
		r.mu.Unlock()
	}
	return first
}

// between lists the links that join nodes of two groups.
func (r *run) between(groups [][]string) []string {
	group := func(node string) int {
		return slices.IndexFunc(groups, func(g []string) bool { return slices.Contains(g, node) })
	}
	var links []string
	for _, l := range r.spec.System.Links(r.spec.Scenario.Params) {
		if a, b := group(l.From), group(l.To); a >= 0 && b >= 0 && a != b {
			links = append(links, l.String())
		}
	}
	return links
}
