// Package explore searches for failures: it generates timelines, runs them in
// the virtual world, and shrinks the first that breaks a property to a script
// that a person can read.
//
//	Script ── world.Run ── a property is violated? ── Shrink ── five lines
package explore

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/param"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// Draw makes the choices of a generated script: a seed's, or those of a
// property-testing library.
type Draw interface {
	// Int chooses from low to high, both included. The label says what for.
	Int(label string, low, high int) int
}

// Options say what may be generated.
type Options struct {
	Live   bool // only faults that the live world can do too
	Faults int  // at most so many lines of faults
	Least  int  // and at least so many
}

// Script generates a valid script for the lab: a workload, and faults of all
// kinds that apply, at times and events that the workload has when nothing is
// in its way.
func (e Explorer) Script(d Draw, opts Options) *scenarios.Scenario {
	g := generator{d: d, system: e.System, voc: e.Words, opts: opts}
	g.head()
	if n := d.Int("faults", opts.Least, opts.Faults); n > 0 {
		g.calm = e.calm(g.script)
		for i := range n {
			g.step(i)
		}
	}
	return g.script
}

// calm is what a workload does without faults.
type calm struct {
	length time.Duration
	events []string       // what triggers can wait for, like "collector stores"; sorted
	count  map[string]int // how often each happens
}

// calm runs a script without faults. Each workload is run once.
func (e Explorer) calm(s *scenarios.Scenario) calm {
	text := string(scenarios.Print(s))
	if known, ok := e.known.Load(text); ok {
		return known.(calm)
	}
	// In the virtual world, wherever the script is to run: it takes no time.
	quiet := e
	quiet.World, quiet.Seed = virtual.New(), 1
	result := quiet.Run(s)
	c := calm{length: result.Record.Virtual, count: map[string]int{}}
	for _, ev := range result.Events {
		if verb := world.Verb(ev.Kind); verb != "" && ev.Node != "" {
			c.count[ev.Node+" "+verb]++
		}
	}
	c.events = slices.Sorted(maps.Keys(c.count))
	e.known.Store(text, c)
	return c
}

type generator struct {
	d      Draw
	system *lab.System
	voc    scenarios.Vocabulary
	opts   Options
	calm   calm
	event  string // the last trigger: a burst shares it
	aim    string // the last node that was hit
	text   strings.Builder
	script *scenarios.Scenario // what text says
}

// add appends a line if the script is still valid with it.
func (g *generator) add(line string) bool {
	s, err := scenarios.Parse("", "generated", []byte(g.text.String()+line+"\n"), g.voc)
	if err != nil {
		return false
	}
	g.text.WriteString(line + "\n")
	g.script = s
	return true
}

func (g *generator) head() {
	lines := []string{"system " + g.system.Name}
	if !g.opts.Live {
		lines = append(lines, "world virtual")
	}
	var set []string
	for _, p := range g.system.Params {
		if len(p.Try) > 0 {
			set = append(set, p.Name+"="+g.pick(p.Name, p.Try))
		}
	}
	if len(set) > 0 {
		lines = append(lines, "workload "+strings.Join(set, " "))
	}
	if !g.add(strings.Join(lines, "\n")) {
		panic(fmt.Sprintf("explore: the values that %s says to try are no valid workload", g.system.Name))
	}
}

func (g *generator) pick(label string, from []string) string {
	return from[g.d.Int(label, 0, len(from)-1)]
}

// step adds a line with a fault. One that cannot be, such as a partition that
// no link crosses, is left out.
func (g *generator) step(i int) {
	label := fmt.Sprintf("fault %d ", i+1)
	// As many of nodes as of links, however many kinds there are of each.
	ofNodes := g.d.Int(label+"of nodes", 0, 1) == 1
	var words []scenarios.FaultWord
	for _, w := range g.voc.Faults {
		if (w.On == scenarios.OnNode) == ofNodes && (!g.opts.Live || w.World == "") && g.applies(w) {
			words = append(words, w)
		}
	}
	word := words[g.d.Int(label+"kind", 0, len(words)-1)]
	moment := g.moment(label)
	target, streams := g.target(label, word)
	line := moment + " " + word.Name + " " + target
	for _, p := range word.Attrs {
		if streams && slices.Contains(word.OnlyPackets, p.Name) {
			continue
		}
		if p.Required || g.d.Int(label+p.Name+" given", 0, 1) == 1 {
			line += " " + p.Name + "=" + g.value(label, p)
		}
	}
	if g.d.Int(label+"ends", 0, 3) > 0 {
		line += " for " + g.pick(label+"for", lengths)
	}
	g.add(line)
}

// Times that generated faults use. They straddle the labs' own periods and
// deadlines.
var (
	lengths = []string{"3ms", "10ms", "20ms", "60ms", "100ms", "400ms", "900ms"}
	lags    = []string{"", " +300µs", " +2ms", " +12ms", " +45ms", " +90ms"}
	delays  = []time.Duration{
		-time.Hour, -10 * time.Second, -time.Second,
		time.Millisecond, 5 * time.Millisecond, 30 * time.Millisecond, 120 * time.Millisecond, 600 * time.Millisecond,
	}
	amounts = []int{0, 1, 2, 8, 30, 150, 1000}
)

// moment draws when a fault comes. Faults in a burst, a few milliseconds after
// one event, are what finds the holes in a recovery: each is harmless alone.
func (g *generator) moment(label string) string {
	kind := g.d.Int(label+"moment", 0, 9)
	switch {
	case kind == 0:
		return fmt.Sprintf("every %dms times %d", g.d.Int(label+"every", 20, 300), g.d.Int(label+"times", 1, 4))
	case kind <= 3 && g.event != "":
		return g.event + g.pick(label+"lag", lags)
	case kind <= 6 && len(g.calm.events) > 0:
		event := g.pick(label+"event", g.calm.events)
		g.event = fmt.Sprintf("when %s #%d", event, g.d.Int(label+"count", 1, g.calm.count[event]))
		return g.event
	}
	// To the microsecond: round times are the workload's own.
	at := time.Duration(g.d.Int(label+"at", 0, int(g.calm.length/time.Microsecond))) * time.Microsecond
	return "at " + scenarios.FormatDuration(at)
}

// node draws a node, and likes the last one best.
func (g *generator) node(label string) string {
	if g.aim == "" || g.d.Int(label+"same", 0, 1) == 0 {
		nodes := g.system.Nodes(g.script.Params)
		g.aim = nodes[g.d.Int(label, 0, len(nodes)-1)].Name
	}
	return g.aim
}

// applies reports whether there is something that the fault can act on.
func (g *generator) applies(word scenarios.FaultWord) bool {
	return word.On != scenarios.OnLink || len(g.links(word)) > 0
}

// links lists those that a fault can act on.
func (g *generator) links(word scenarios.FaultWord) []lab.Link {
	return slices.DeleteFunc(g.system.Links(g.script.Params), func(l lab.Link) bool { return !word.ActsOn(carrier(l)) })
}

func carrier(l lab.Link) scenarios.Carrier {
	if l.Packet {
		return scenarios.Datagrams
	}
	return scenarios.Streams
}

// target draws what a fault is aimed at, and tells whether that is a link that
// carries streams.
func (g *generator) target(label string, word scenarios.FaultWord) (text string, streams bool) {
	switch word.On {
	case scenarios.OnNode:
		return g.node(label + "node"), false
	case scenarios.OnGroups:
		var sides [2][]string
		for _, n := range g.system.Nodes(g.script.Params) {
			if side := g.d.Int(label+n.Name, 0, 2); side < 2 {
				sides[side] = append(sides[side], n.Name)
			}
		}
		return strings.Join(sides[0], " ") + " | " + strings.Join(sides[1], " "), false
	}
	links := g.links(word)
	link := links[g.d.Int(label+"link", 0, len(links)-1)]
	text = link.String()
	if !word.Undirected {
		text = strings.TrimSpace(text + " " + g.pick(label+"direction", []string{"", "upstream", "downstream"}))
	}
	return text, !link.Packet
}

// value draws an attribute from what its declaration allows.
func (g *generator) value(label string, p param.Param) string {
	var from []string
	switch p.Default.(type) {
	case bool:
		from = []string{"true", "false"}
	case string:
		from = p.OneOf
	case int:
		for _, n := range amounts {
			from = append(from, fmt.Sprint(n))
		}
	case time.Duration:
		for _, d := range delays {
			from = append(from, d.String())
		}
	}
	var allowed []string
	for _, text := range from {
		if _, err := (param.List{p}).Parse(map[string]string{p.Name: text}); err == nil {
			allowed = append(allowed, text)
		}
	}
	return g.pick(label+p.Name, allowed)
}

// Seed draws by hashing a seed and the label.
type Seed uint64

// Int implements Draw.
func (s Seed) Int(label string, low, high int) int {
	return low + int(lab.Draw(uint64(s), label)%uint64(high-low+1))
}
