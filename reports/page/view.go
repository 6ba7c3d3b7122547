package page

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/world"
)

// view is what page.gohtml shows.
type view struct {
	Run
	Intro    string // the script's own story
	Versions []version
	Stories  []story
	Verdicts []verdict
	Windows  []window
	Faults   []fault
	Topology topology
	Latency  latency
	Logs     []logs
	Orders   bool // linearizable.html stands beside the page
	Strip    *strip

	Style  template.CSS
	Script template.JS
	Data   template.JS
}

// version is a page on the same scenario.
type version struct {
	Name, Link string
	This       bool
}

// verdict is a row of the table of properties.
type verdict struct {
	check.Verdict
	Doc      string
	Promised bool
	Expected string
	Names    []string // the messages concerned, the first of them
	More     int      // of those left out
}

// window is one use of a fault. Its key, F1, stands wherever the page shows it.
type window struct {
	explain.Window
	Key, Label, Period string
}

// fault is a fault of the script, and its uses.
type fault struct {
	world.FaultReport
	Uses []window
}

// Moment is when the script injects it: "when collector stores #17", "at 1s",
// "every 1s".
func (f fault) Moment() string {
	switch {
	case f.When != "":
		return "when " + f.When
	case strings.HasPrefix(f.At, "every"):
		return f.At
	}
	return "at " + f.At
}

func usesOf(f world.FaultReport, windows []window) []window {
	var uses []window
	for _, w := range windows {
		if slices.Contains(f.Uses, w.ID) {
			uses = append(uses, w)
		}
	}
	return uses
}

const namesShown = 12

func look(r Run, beside []Beside) (view, error) {
	c := explain.Open(r.Events, r.Record.Facts())
	nodes := nodesOf(r.Record, r.Events)
	v := view{Run: r, Intro: intro(r.Record.Script), Windows: keyed(c.Windows)}
	for _, f := range r.Record.Faults {
		v.Faults = append(v.Faults, fault{f, usesOf(f, v.Windows)})
	}
	v.Versions = versions(r, beside)
	for _, j := range r.Judgement.Verdicts {
		v.Verdicts = append(v.Verdicts, verdictOf(r.Record, j))
		v.Orders = v.Orders || j.Property == check.Linearizable && j.Outcome != check.Unknown
	}
	v.Stories = stories(c, r, nodes, v.Windows)
	v.Topology = topologyOf(r.Record, nodes, v.Windows)
	v.Latency = latencyOf(c, v.Windows)
	v.Logs = compare(r, beside)

	var err error
	if v.Data, err = encode(c, nodes, v.Windows, v.Stories); err != nil {
		return view{}, err
	}
	if r.Explorable != nil {
		if v.Strip, err = stripOf(*r.Explorable); err != nil {
			return view{}, err
		}
	}
	if v.Script, err = script(v.Strip != nil); err != nil {
		return view{}, err
	}
	sheet, err := Style()
	v.Style = template.CSS(sheet)
	return v, err
}

// intro is the story that the script tells at its head.
func intro(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(line, "#")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(comment))
	}
	return strings.Join(lines, " ")
}

func keyed(windows []explain.Window) []window {
	var all []window
	for i, w := range windows {
		all = append(all, window{Window: w, Key: fmt.Sprintf("F%d", i+1), Label: label(w), Period: period(w)})
	}
	return all
}

func versions(r Run, beside []Beside) []version {
	all := []version{{Name: r.Record.Variant + ", " + r.Record.World, This: true}}
	for _, b := range beside {
		all = append(all, version{Name: b.Variant + ", " + b.World, Link: b.Link})
	}
	// As people think of them: what fails before what holds.
	rank := func(v version) string {
		for i, name := range []string{"original", "naive", "hardened"} {
			if strings.HasPrefix(v.Name, name+",") {
				return fmt.Sprint(i)
			}
		}
		return v.Name
	}
	slices.SortFunc(all, func(a, b version) int {
		return strings.Compare(rank(a)+a.Name, rank(b)+b.Name)
	})
	return all
}

func verdictOf(rec world.Record, j check.Verdict) verdict {
	v := verdict{Verdict: j, Promised: slices.Contains(rec.Promises, j.Property)}
	if c, ok := check.Lookup(j.Property); ok {
		v.Doc = c.Doc
	}
	v.Expected = "holds"
	for _, e := range rec.Expects {
		if e.Property == j.Property && e.Violated {
			v.Expected = "violated"
			if e.Count >= 0 {
				v.Expected = fmt.Sprintf("violated by %d", e.Count)
			}
		}
	}
	shown := j.Messages[:min(len(j.Messages), namesShown)]
	for _, m := range shown {
		if name := messageTitle(m); !slices.Contains(v.Names, name) { // a pair of logs may differ over one that another does
			v.Names = append(v.Names, name)
		}
	}
	v.More = j.Count - len(shown)
	return v
}
