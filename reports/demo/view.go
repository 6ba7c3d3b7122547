package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"sync"

	"faultlab/reports"
	"faultlab/reports/page"
	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// maxEvents bounds what is sent to the page. Browsers draw ten thousand well.
const maxEvents = 40_000

// view is what the page shows of a script and its runs. Times are µs.
type view struct {
	Script  string            `json:"script"`
	Story   []string          `json:"story"`
	System  string            `json:"system"`
	Params  map[string]string `json:"params"`
	Nodes   []string          `json:"nodes"`
	Links   []string          `json:"links"`
	Span    int64             `json:"span"` // of the timeline
	Steps   []step            `json:"steps"`
	Runs    []side            `json:"runs"`
	Logs    template.HTML     `json:"logs"`
	Virtual bool              `json:"virtual"` // only that world can do it
}

// step is a fault of the script.
type step struct {
	Line   int    `json:"line"`
	Moment string `json:"moment"`
	Fault  string `json:"fault"` // as it is written
	Name   string `json:"name"`
	// Clock says that it goes by the clock, once: else a drag changes how it is
	// triggered.
	Clock bool  `json:"clock"`
	At    int64 `json:"at"`
	For   int64 `json:"for"`
}

// side is one variant's run.
type side struct {
	Variant  string          `json:"variant"`
	Summary  string          `json:"summary"`
	World    string          `json:"world"`
	Outcome  check.Outcome   `json:"outcome"`
	Finding  string          `json:"finding"`
	Why      []string        `json:"why"`
	Verdicts []verdict       `json:"verdicts"`
	Effects  []string        `json:"effects"` // of each fault; "" for none
	Uses     [][][2]int64    `json:"uses"`    // when each fault was in force
	Model    json.RawMessage `json:"model"`
	Topology template.HTML   `json:"topology"`
	Told     template.HTML   `json:"told"`
	Replay   string          `json:"replay"`
	Finals   []final         `json:"finals"`

	logs template.HTML // of all runs, beside one another
}

type verdict struct {
	Property string        `json:"property"`
	Outcome  check.Outcome `json:"outcome"`
	Why      string        `json:"why"`
	Idle     bool          `json:"idle"`
}

// final is an entry of the log as it was read back.
type final struct {
	Log     string `json:"log"`
	Message string `json:"message"`
	Value   string `json:"value"`
	Mark    string `json:"mark"` // what is wrong with it
}

func viewOf(p prepared, results []world.Result) (view, error) {
	nodes, links := p.system.Nodes(p.Params), p.system.Links(p.Params)
	v := view{
		Script: string(p.text), Story: p.Story, System: p.system.Name, Params: p.Params.Text(),
		Virtual: p.World != "", Steps: []step{},
	}
	for _, n := range nodes {
		v.Nodes = append(v.Nodes, n.Name)
	}
	for _, l := range links {
		v.Links = append(v.Links, l.String())
	}
	for _, s := range p.Steps {
		v.Steps = append(v.Steps, step{
			Line: s.Pos.Line, Moment: s.Moment(), Fault: s.Fault.String(), Name: s.Fault.Name,
			Clock: s.When == nil && s.Every == 0, At: s.At.Microseconds(), For: s.Fault.For.Microseconds(),
		})
		if s.When == nil && s.Every == 0 {
			v.Span = max(v.Span, (s.At + s.Fault.For).Microseconds())
		}
	}
	v.Runs = make([]side, len(results))
	errs := make([]error, len(results))
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() { v.Runs[i], errs[i] = sideOf(p, i, results) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return view{}, err
	}
	v.Logs = v.Runs[0].logs
	if len(p.Steps) == 0 {
		v.Span = max(v.Span, p.system.Nominal(p.Params).Microseconds())
	}
	for i, s := range v.Runs {
		v.Span = max(v.Span, lastInvoke(results[i].Events))
		for _, uses := range s.Uses {
			for _, use := range uses {
				v.Span = max(v.Span, use[0], use[1])
			}
		}
	}
	return v, nil
}

func sideOf(p prepared, i int, results []world.Result) (side, error) {
	r := reports.Run{Result: results[i], Script: p.system.Name + "/" + p.Name}
	if len(r.Events) > maxEvents {
		r.Record.Problems = append(r.Record.Problems, fmt.Sprintf("it made %d events, and this page shows %d at most; give it less to do", len(r.Events), maxEvents))
		r.Events = nil
	}
	r.Record.Promises, r.Record.Expects = alike(results), nil
	r.Judgement = world.Judge(r.Record, r.Events)
	// That one property cannot be told is no reason to be silent about another
	// that is violated; trouble with the run itself is.
	if len(r.Record.Problems) == 0 && slices.ContainsFunc(r.Verdicts, func(v check.Verdict) bool { return v.Outcome == check.Violated }) {
		r.Outcome = check.Violated
	}
	r.Explain()
	rec := r.Record
	shown := page.Run{
		Record: rec, Events: r.Events, Judgement: r.Judgement, Stories: r.Stories,
		Name: rec.Lab + "/" + p.Name, State: string(r.State()), Finding: r.Finding(), Why: rec.Problems, Replay: r.Replay(),
	}
	parts, err := page.Assemble(shown, beside(i, results))
	if err != nil {
		return side{}, fmt.Errorf("show the run of %s: %w", rec.Variant, err)
	}
	s := side{
		Variant: rec.Variant, Summary: p.variants[i].Summary, World: rec.World,
		Outcome: r.Outcome, Finding: shown.Finding, Why: shown.Why, Replay: shown.Replay,
		Model: parts.Model, Topology: parts.Topology, Told: parts.Story, Uses: parts.Uses,
		Finals: finals(r), logs: parts.Logs,
	}
	for _, v := range r.Verdicts {
		s.Verdicts = append(s.Verdicts, verdict{v.Property, v.Outcome, v.Why, v.Idle})
	}
	for _, f := range rec.Faults {
		s.Effects = append(s.Effects, f.Effect)
	}
	return s, nil
}

// alike is what all variants are judged by: what any of them promises, or the
// script speaks of. What is compared must be measured by one measure; and what
// the script expects is no news where its faults are dragged about.
func alike(results []world.Result) []string {
	var all []string
	for _, r := range results {
		all = append(all, r.Record.Promises...)
		for _, e := range r.Record.Expects {
			all = append(all, e.Property)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// beside are the other runs, to compare the logs with.
func beside(i int, results []world.Result) []page.Beside {
	var all []page.Beside
	for j, other := range results {
		if j != i {
			all = append(all, page.Beside{
				Variant: other.Record.Variant, World: other.Record.World, Comparable: true,
				Log: check.New(other.Events, other.Record.Facts()).LogLines(),
			})
		}
	}
	return all
}

// lastInvoke is when the workload was over, in µs: what is invoked after the last
// heal are probes.
func lastInvoke(events []history.Event) (last int64) {
	for _, e := range events {
		switch {
		case e.Kind == history.Invoke:
			last = max(last, e.T/1000)
		case e.Kind == history.Heal && e.Op == history.HealAll:
			return last
		}
	}
	return last
}

func finals(r reports.Run) []final {
	all := []final{}
	for _, l := range check.New(r.Events, r.Record.Facts()).LogLines() {
		f := final{Log: l.Log, Value: l.Value}
		if l.Seq != 0 {
			f.Message = fmt.Sprintf("%s/%d", l.Source, l.Seq)
		}
		switch {
		case l.Missing:
			f.Mark = "missing"
		case l.Nth > 1:
			f.Mark = "again"
		case l.Late:
			f.Mark = "late"
		}
		all = append(all, f)
	}
	return all
}
