package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"faultlab/reports"
	"faultlab/sim/lab"
)

// hunt is the search for what breaks one variant.
type hunt struct {
	command
	exploreOptions
	system     *lab.System
	variant    *lab.Variant
	properties []string

	mu    sync.Mutex     // guards what follows
	first map[string]int // the first timeline that violates a property
	lost  map[int]string // why timelines say nothing
}

func (h *hunt) name() string { return h.system.Name + "/" + h.variant.Name }

// run searches, and says what it found. It returns an exit code.
func (h *hunt) run(ctx context.Context) (int, error) {
	began := time.Now()
	h.first, h.lost = map[string]int{}, map[int]string{}
	show := newProgress(h.err, h.terminal, h.errColor, h.timelines)
	show.besides(h.name())
	h.each(ctx, h.timelines, func(p *place, number int) {
		var seen sighting
		err := p.ask(ctx, h.order(search{Number: number, Properties: h.properties}), &seen)
		h.note(number, seen, err)
		show.step()
	})
	show.close()
	if ctx.Err() != nil {
		return exitInterrupted, nil
	}
	fmt.Fprintf(h.out, "%s: %d timelines in %v", h.name(), h.timelines, time.Since(began).Round(100*time.Millisecond))
	if len(h.first) == 0 {
		fmt.Fprintf(h.out, "; none violates %s", strings.Join(h.properties, ", "))
	}
	fmt.Fprint(h.out, "\n\n")
	h.tellLost()
	return h.tell(ctx)
}

// each hands out the numbers below n, to workers on all cores.
func (h *hunt) each(ctx context.Context, n int, do func(*place, int)) {
	shares := make([][]int, n)
	for i := range shares {
		shares[i] = []int{i}
	}
	h.inWorkers(ctx, shares, do)
}

func (h *hunt) order(s search) order {
	s.Lab, s.Faults = h.system.Name, h.faults
	return order{Arg: "a timeline of " + h.name(), Variant: h.variant.Name, Seed: h.seed, Limit: h.limit, Search: &s}
}

// note remembers what came of a timeline.
func (h *hunt) note(number int, seen sighting, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err != nil:
		h.lost[number] = err.Error()
	case seen.Problem != "":
		h.lost[number] = seen.Problem
	}
	for _, property := range seen.Violated {
		if earlier, found := h.first[property]; !found || number < earlier {
			h.first[property] = number
		}
	}
}

// tellLost tells of the timelines that say nothing: of the first few, why.
func (h *hunt) tellLost() {
	numbers := slices.Sorted(maps.Keys(h.lost))
	for i, number := range numbers {
		if i == 3 {
			fmt.Fprintf(h.out, "and so do %d more\n\n", len(numbers)-i)
			break
		}
		why, _, _ := strings.Cut(h.lost[number], "\n") // of a panic all stacks follow
		fmt.Fprintf(h.out, "timeline %d says nothing: %s\n\n", number, why)
	}
}

// find is a violation that was made small.
type find struct {
	property string
	sighting
	file string
	run  reports.Run // of the small script
	err  error
}

// tell makes what was found small, saves it, and tells how it comes about.
func (h *hunt) tell(ctx context.Context) (int, error) {
	properties := slices.Sorted(maps.Keys(h.first))
	finds := make([]find, len(properties))
	h.each(ctx, len(finds), func(p *place, i int) { finds[i] = h.shrink(ctx, p, properties[i]) })
	if ctx.Err() != nil {
		return exitInterrupted, nil
	}
	code := exitOK
	if len(h.lost) > 0 {
		code = exitUnknown
	}
	for _, f := range finds {
		if f.err != nil {
			return 0, f.err
		}
		what := "violates"
		if slices.Contains(h.variant.Promises, f.property) {
			what, code = "BREAKS ITS PROMISE OF", exitDiffers
		}
		fmt.Fprintf(h.out, "%s %s: timeline %d, made smaller in %d runs\n\n", what, f.property, h.first[f.property], f.Asked)
		for line := range strings.Lines(f.Text) {
			fmt.Fprintln(h.out, strings.TrimRight("    "+line, " \n"))
		}
		fmt.Fprintf(h.out, "\n%s\n", f.run.Told())
		fmt.Fprintf(h.out, "    faultlab run %s\n\n", f.file)
	}
	return code, nil
}

// shrink makes the first timeline that violates a property small.
func (h *hunt) shrink(ctx context.Context, p *place, property string) find {
	f := find{property: property}
	o := h.order(search{Number: h.first[property], Properties: []string{property}, Shrink: true})
	o.Limit *= shrinking
	if f.err = p.ask(ctx, o, &f.sighting); f.err != nil {
		return f
	}
	folder := filepath.Join(h.folder, "explored")
	f.file = filepath.Join(folder, fmt.Sprintf("%s-%s-%s.scenario", h.system.Name, h.variant.Name, property))
	if f.err = os.MkdirAll(folder, 0o755); f.err == nil {
		f.err = os.WriteFile(f.file, []byte(f.Text), 0o644)
	}
	if f.err != nil {
		return f
	}
	s, err := parseScript(f.file, f.file, []byte(f.Text), h.labs, h.words)
	if err != nil {
		f.err = fmt.Errorf("read again what was found: %w", err)
		return f
	}
	spec := s.spec(h.variant, nil)
	spec.Explored = true
	f.run = reports.Run{Result: p.do(ctx, job{script: s, spec: spec, world: "virtual"}), Script: f.file}
	f.run.Explain()
	return f
}

// shrinking is how many times as long as a run all those that make a script
// small may take.
const shrinking = 10
