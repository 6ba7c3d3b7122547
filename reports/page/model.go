package page

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"

	"faultlab/sim/explain"
	"faultlab/sim/history"
)

// model is what the diagram of all messages is drawn from. It is as short as
// it can be: of 10,000 events it is nearly all of the page. Texts stand in one
// table, and everything else says them by their place in it; times are
// microseconds.
type model struct {
	Texts    []string `json:"texts"`
	Nodes    []int    `json:"nodes"`    // texts
	Messages []int    `json:"messages"` // texts, in the order of their first event
	// Hops are [sent, came, from, to, message, operation, flags, fault]; came,
	// to, message and fault may be -1. Flags: 1 an answer, 2 sent again.
	Hops [][8]int64 `json:"hops"`
	// Marks are [time, node, message, kind, detail].
	Marks [][5]int64 `json:"marks"`
	// Lives are [node, from, to, state], when a node did not run: 0 down, 1
	// paused. To may be -1: until the end.
	Lives  [][4]int64  `json:"lives"`
	Faults []faultSpan `json:"faults"`
	// Stories are the messages that the page tells of. A fault in a story is a
	// mark of its message.
	Stories []int `json:"stories"`
}

type faultSpan struct {
	Key   string     `json:"key"`
	Label string     `json:"label"`
	From  int64      `json:"from"`
	To    int64      `json:"to"`    // -1: until the end
	Node  int        `json:"node"`  // -1: it is on links
	Links [][2]int64 `json:"links"` // nodes
}

// Of these kinds the diagram shows each event. Messages are hops, faults are
// bands, starts and kills gaps in a line.
var shownKinds = [...]history.Kind{
	history.Invoke, history.OK, history.Fail, history.Info,
	history.Decide, history.Store, history.Exit, history.Start, history.Kill, history.Stop,
}

// gatherer builds a model.
type gatherer struct {
	model
	c        *explain.Case
	texts    map[string]int
	nodes    []node
	messages map[string]int
	only     map[int]bool // the events that it shows; nil: all
}

func encode(c *explain.Case, nodes []node, windows []window, stories []story) (template.JS, error) {
	data, err := json.Marshal(modelOf(c, nodes, windows, stories, nil)) // which escapes <, so that no value ends the script
	if err != nil {
		return "", fmt.Errorf("encode the events of the page: %w", err)
	}
	return template.JS(data), nil
}

// modelOf gathers what is shown of the nodes and events given; nil: of all
// events.
func modelOf(c *explain.Case, nodes []node, windows []window, stories []story, only map[int]bool) model {
	g := gatherer{model: empty(), c: c, texts: map[string]int{}, nodes: nodes, messages: map[string]int{}, only: only}
	for _, n := range nodes {
		g.Nodes = append(g.Nodes, g.text(clean(n.Name)))
	}
	g.gather()
	for _, w := range windows {
		g.fault(w)
	}
	for _, s := range stories {
		if i, ok := g.messages[s.Title]; ok {
			g.Stories = append(g.Stories, i)
			g.met(s, i)
		}
	}
	return g.model
}

// shows reports whether an event is one that the model is to have.
func (g *gatherer) shows(event int) bool { return g.only == nil || g.only[event] }

// empty has lists where a nil one would be null to the browser.
func empty() model {
	return model{
		Texts: []string{}, Nodes: []int{}, Messages: []int{}, Hops: [][8]int64{}, Marks: [][5]int64{},
		Lives: [][4]int64{}, Faults: []faultSpan{}, Stories: []int{},
	}
}

// text gives a text's place in the table.
func (g *gatherer) text(s string) int {
	i, known := g.texts[s]
	if !known {
		i = len(g.Texts)
		g.texts[s], g.Texts = i, append(g.Texts, s)
	}
	return i
}

func (g *gatherer) message(event int) int64 {
	source, seq, ok := g.c.Subject(event)
	if !ok {
		return -1
	}
	name := title(source, seq, "")
	i, known := g.messages[name]
	if !known {
		i = len(g.Messages)
		g.messages[name] = i
		g.Messages = append(g.Messages, g.text(name))
	}
	return int64(i)
}

func (g *gatherer) node(name string) int64 { return int64(place(g.nodes, name)) }

// met marks the faults that a story tells of.
func (g *gatherer) met(s story, message int) {
	for _, st := range s.Steps {
		e := g.c.Events[st.Event]
		if e.Kind != history.Fault {
			continue
		}
		node := e.Node
		if from, _, ok := cutLink(e.Link); ok {
			node = from
		}
		g.Marks = append(g.Marks, [5]int64{micro(e.T), g.node(node), int64(message), int64(g.text(string(e.Kind))), int64(g.text(st.Text))})
	}
}

func micro(t int64) int64 { return t / 1000 }

func (g *gatherer) gather() {
	hops := map[int]explain.Hop{}
	for _, h := range g.c.Hops {
		hops[h.Send] = h
	}
	down := map[string]int{} // node → its open gap
	for i, e := range g.c.Events {
		if h, ok := hops[i]; ok && g.shows(i) {
			g.hop(h)
		}
		if slices.Contains(shownKinds[:], e.Kind) && g.shows(i) {
			detail := clip(e.Op+" "+e.Value, 70)
			if e.Kind == history.Decide {
				detail = clip(g.c.Plain(e), 90)
			} else if e.Detail != "" {
				detail = clip(e.Op+" "+e.Detail, 70)
			}
			g.Marks = append(g.Marks, [5]int64{micro(e.T), g.node(e.Node), g.message(i), int64(g.text(string(e.Kind))), int64(g.text(detail))})
		}
		switch e.Kind {
		case history.Kill, history.Stop, history.Pause:
			if _, open := down[e.Node]; !open && g.node(e.Node) >= 0 {
				state := int64(0)
				if e.Kind == history.Pause {
					state = 1
				}
				down[e.Node] = len(g.Lives)
				g.Lives = append(g.Lives, [4]int64{g.node(e.Node), micro(e.T), -1, state})
			}
		case history.Start, history.Resume:
			if gap, open := down[e.Node]; open {
				g.Lives[gap][2] = micro(e.T)
				delete(down, e.Node)
			}
		}
	}
}

func (g *gatherer) hop(h explain.Hop) {
	e := g.c.Events[h.Send]
	came, flags, fault := int64(-1), int64(0), int64(-1)
	if h.Recv != explain.None {
		came = micro(g.c.Events[h.Recv].T)
	} else if w, ok := g.c.Took(h); ok {
		fault = int64(slices.IndexFunc(g.c.Windows, func(o explain.Window) bool { return o.ID == w.ID }))
	}
	if h.Answer {
		flags |= 1
	}
	if h.Again {
		flags |= 2
	}
	g.Hops = append(g.Hops, [8]int64{
		micro(e.T), came, g.node(h.From), g.node(h.To), g.message(h.Send), int64(g.text(clip(hopName(e), 40))), flags, fault,
	})
}

func (g *gatherer) fault(w window) {
	f := faultSpan{Key: w.Key, Label: w.Label, From: micro(w.From), To: -1, Node: place(g.nodes, w.Node), Links: [][2]int64{}}
	if w.To != explain.Forever {
		f.To = micro(w.To)
	}
	for _, name := range w.Links {
		from, to, _ := cutLink(name)
		if a, b := g.node(from), g.node(to); a >= 0 && b >= 0 {
			f.Links = append(f.Links, [2]int64{a, b})
		}
	}
	g.Faults = append(g.Faults, f)
}
