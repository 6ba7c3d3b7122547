package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// request asks for the runs of a script, after a change of it.
type request struct {
	script
	Page     string   `json:"page"` // which of all open pages asks
	Edit     *edit    `json:"edit"`
	Variants []string `json:"variants"` // none: one that fails and the one that holds
}

// prepared is a script that can be run.
type prepared struct {
	*scenarios.Scenario
	system   *lab.System
	text     []byte // canonical
	variants []*lab.Variant
}

// prepare makes the change and validates what comes of it.
func (s *server) prepare(in request) (prepared, error) {
	sc, system, err := s.parse(in.script)
	if err != nil {
		return prepared{}, err
	}
	if in.Edit != nil {
		if in.Text, err = in.Edit.apply(sc); err != nil {
			return prepared{}, err
		}
		if sc, _, err = s.parse(in.script); err != nil {
			return prepared{}, err
		}
		// What was added is put where it belongs, and the places of all are those
		// of the text that goes back to the page.
		in.Text = string(scenarios.Print(sc))
		if sc, system, err = s.parse(in.script); err != nil {
			return prepared{}, err
		}
	}
	p := prepared{Scenario: sc, system: system, text: []byte(in.Text)}
	p.variants, err = p.choose(in.Variants)
	return p, err
}

// sides is how many variants stand beside one another.
const sides = 2

// choose gives the variants of those names, or the two that the script is about:
// the first that it expects to fail, and the one that holds.
func (p prepared) choose(names []string) ([]*lab.Variant, error) {
	if len(names) > sides {
		return nil, fmt.Errorf("%d variants are asked for; %d stand beside one another", len(names), sides)
	}
	if len(names) == 0 {
		all := p.system.VariantNames()
		fails, holds := all[0], all[len(all)-1]
		if i := slices.IndexFunc(p.Expects, func(e scenarios.Expect) bool { return e.Violates && e.Variant != holds }); i >= 0 {
			fails = p.Expects[i].Variant
		}
		names = slices.Compact([]string{fails, holds})
	}
	var chosen []*lab.Variant
	for _, name := range names {
		v, ok := p.system.Variant(name)
		if !ok {
			return nil, fmt.Errorf("lab %s has no variant %q", p.system.Name, name)
		}
		chosen = append(chosen, v)
	}
	return chosen, nil
}

// run reruns a script against the variants, and answers with what the page
// draws.
func (s *server) run(w http.ResponseWriter, r *http.Request) {
	var in request
	if !read(w, r, &in) {
		return
	}
	p, err := s.prepare(in)
	if err != nil {
		unreadable(w, err)
		return
	}
	ctx, leave, err := s.queue.enter(r.Context(), in.Page)
	if err != nil {
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests, err)
		return
	}
	defer leave()
	results := make([]world.Result, len(p.variants))
	var wg sync.WaitGroup
	for i, v := range p.variants {
		wg.Go(func() { results[i] = s.Virtual(ctx, p.job(v)) })
	}
	wg.Wait()
	if ctx.Err() != nil {
		if errors.Is(context.Cause(ctx), errOvertaken) {
			refuse(w, http.StatusConflict, errOvertaken)
		}
		return // else the page has gone
	}
	s.show(w, p, results)
}

func (p prepared) job(v *lab.Variant) Job {
	return Job{Name: p.Name, Text: p.text, Variant: v.Name}
}

func (s *server) show(w http.ResponseWriter, p prepared, results []world.Result) {
	v, err := viewOf(p, results)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	answer(w, http.StatusOK, v)
}
