package page

import (
	"math"
	"slices"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/history"
)

// excerpt is the space-time diagram of one story: nodes are lines, time runs
// down, messages are arrows. Its time is not to scale: every event gets room,
// and long silences little.
type excerpt struct {
	Width, Height float64
	Columns       []column
	Bands         []band
	Arrows        []arrow
	Marks         []mark
	Badges        []badge
	Times         []tick
}

type column struct {
	X     float64
	Name  string
	Alive [][2]float64 // from where to where it ran
	Down  [][2]float64
}

type band struct {
	X, Y, Width, Height float64
	Key, Label          string
}

type arrow struct {
	X1, Y1, X2, Y2 float64
	Label          string
	LabelX, LabelY float64
	Lost, Again    bool
	Bad            bool
	Key            string // of the fault that took it
}

// mark is something that a node did by itself.
type mark struct {
	X, Y  float64
	Kind  string // store, decide, or another kind of event
	Label string
	Bad   bool
}

// badge is the number of a step.
type badge struct {
	X, Y float64
	N    int
}

type tick struct {
	Y    float64
	Text string
	Gap  bool // much time passed since the tick above
}

// The excerpt's measures, in pixels.
const (
	columnWidth = 150.0
	timeWidth   = 78.0
	headHeight  = 34.0
	rowHeight   = 30.0
)

// draw makes the picture of a story.
func draw(c *explain.Case, s story, nodes []node, windows []window) excerpt {
	points := s.places(c)
	if len(points) == 0 {
		return excerpt{}
	}
	e := excerpt{}
	ys := e.rows(c, points)
	columns := e.columns(c, points, nodes)
	at := clock(c, points, ys)
	e.Height = ys[points[len(points)-1]] + rowHeight
	e.bands(c, s, points, columns, windows, at)
	for i := range e.Columns {
		e.Columns[i].live(c.Events, at, e.Height)
	}
	for _, h := range c.Hops {
		if _, shown := ys[h.Send]; shown {
			e.Arrows = append(e.Arrows, arrowOf(c, h, ys, columns, windows, s.step(h.Send)))
		}
	}
	turn := s.turn(c)
	for _, p := range points {
		ev := c.Events[p]
		if x, known := columns[ev.Node]; known && ev.Kind != history.Send && ev.Kind != history.Recv {
			e.Marks = append(e.Marks, mark{X: x, Y: ys[p], Kind: string(ev.Kind), Label: s.step(p).Text, Bad: p == turn})
		}
	}
	e.number(c, s, ys, columns)
	return e
}

// tenth rounds to tenths of a pixel: what a processor makes of the digits beyond
// must not show in a file.
func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// step finds the step that tells of an event; the zero step tells of none.
func (s story) step(event int) step {
	for _, st := range s.Steps {
		if st.Event == event {
			return st
		}
	}
	return step{}
}

// turn is the decision that was wrong: that of the rule which the story names.
func (s story) turn(c *explain.Case) int {
	turn := explain.None
	for _, st := range s.Steps {
		e := c.Events[st.Event]
		if s.Outcome == check.Violated && e.Kind == history.Decide && e.Node+": "+c.Plain(e) == s.Rule {
			turn = st.Event
		}
	}
	return turn
}

// number puts the numbers of the steps beside what they tell of, on the side
// to which no arrow leaves.
func (e *excerpt) number(c *explain.Case, s story, ys map[int]float64, columns map[string]float64) {
	const beside = 19
	for _, st := range s.Steps {
		ev := c.Events[st.Event]
		x, known := columns[ev.Node]
		if from, _, ok := cutLink(ev.Link); !known && ok { // a fault on a link
			x, known = columns[from]
		}
		if !known {
			continue
		}
		y, right := ys[st.Event], true
		for _, a := range e.Arrows {
			right = right && (a.X1 != x || a.Y1 != y || a.X2 < x)
		}
		b := badge{X: x + beside, Y: y, N: st.N}
		if !right {
			b.X = x - beside
		}
		e.Badges = append(e.Badges, b)
	}
}

// places lists the events that the picture shows: those of the steps, and
// where their messages came to.
func (s story) places(c *explain.Case) []int {
	var points []int
	for _, st := range s.Steps {
		points = append(points, st.Event)
	}
	for _, h := range c.Hops {
		if h.Recv != explain.None && slices.Contains(points, h.Send) {
			points = append(points, h.Recv)
		}
	}
	slices.Sort(points)
	return slices.Compact(points)
}

// rows gives each event its height, and notes the times beside it. What is
// close in time stands close, but never on one another.
func (e *excerpt) rows(c *explain.Case, points []int) map[int]float64 {
	ys := map[int]float64{}
	y, before := headHeight+16, c.Events[points[0]].T
	for i, p := range points {
		t := c.Events[p].T
		gap := float64(t-before) / 1e6
		if i > 0 {
			y = tenth(y + rowHeight*(0.8+0.25*math.Log10(1+gap)))
		}
		ys[p], before = y, t
		e.Times = append(e.Times, tick{Y: y, Text: moment(t), Gap: i > 0 && gap > 20})
	}
	return ys
}

// columns places the nodes that the story passes, in their usual order.
func (e *excerpt) columns(c *explain.Case, points []int, nodes []node) map[string]float64 {
	columns := map[string]float64{}
	for _, n := range nodes {
		if !passes(c, points, n) {
			continue
		}
		x := timeWidth + columnWidth*(float64(len(e.Columns))+0.5)
		columns[n.Name] = x
		e.Columns = append(e.Columns, column{X: x, Name: n.Name})
	}
	e.Width = timeWidth + columnWidth*float64(len(e.Columns))
	return columns
}

// passes reports whether any of the events was at a node or on a link of it.
func passes(c *explain.Case, points []int, n node) bool {
	return slices.ContainsFunc(points, func(p int) bool {
		ev := c.Events[p]
		from, to, _ := cutLink(ev.Link)
		return ev.Node == n.Name || from == n.Name || to == n.Name
	})
}

// clock gives the height of any time, between the events around it.
func clock(c *explain.Case, points []int, ys map[int]float64) func(int64) float64 {
	return func(t int64) float64 {
		i, _ := slices.BinarySearchFunc(points, t, func(p int, t int64) int {
			if c.Events[p].T < t {
				return -1
			}
			return 1
		})
		switch {
		case i == 0:
			return headHeight + 2
		case i == len(points):
			return ys[points[i-1]] + rowHeight
		}
		a, b := points[i-1], points[i]
		from, to := c.Events[a].T, c.Events[b].T
		return tenth(ys[a] + (ys[b]-ys[a])*float64(t-from)/float64(max(1, to-from)))
	}
}

// bands draws the faults that were in force on what the story passes. One that
// the story names is drawn though it came after all that the picture shows: a
// message that is sent, and then swallowed, is the last of its story.
func (e *excerpt) bands(c *explain.Case, s story, points []int, columns map[string]float64, windows []window, at func(int64) float64) {
	first, last := c.Events[points[0]].T, c.Events[points[len(points)-1]].T
	for _, w := range windows {
		named := slices.ContainsFunc(s.Steps, func(st step) bool { return st.Key == w.Key })
		if (w.From > last || w.To < first) && !named {
			continue
		}
		y := min(at(w.From), e.Height-rowHeight+2)
		b := band{Y: y, Height: max(16, at(w.To)-y), Key: w.Key, Label: w.Label}
		for _, link := range w.Links {
			from, to, _ := cutLink(link)
			a, known := columns[from]
			z, too := columns[to]
			if known && too {
				b.X, b.Width = gap(a, z)
				e.Bands = append(e.Bands, b)
			}
		}
		if x, known := columns[w.Node]; known {
			b.X, b.Width = x-12, 24
			e.Bands = append(e.Bands, b)
		}
	}
}

// gap is where the band of a link stands: between its nodes or, where others
// stand between them, beside its client, so that it covers no other's messages.
func gap(client, service float64) (x, width float64) {
	width = columnWidth - 16
	if math.Abs(client-service) > columnWidth {
		width = columnWidth*0.5 - 16
	}
	if client < service {
		return client + 8, width
	}
	return client - 8 - width, width
}

// live cuts a node's line where the node was down.
func (col *column) live(events []history.Event, at func(int64) float64, end float64) {
	from, up := headHeight, true
	turn := func(t int64, now bool) {
		y := max(headHeight, min(end, at(t)))
		if up {
			col.Alive = append(col.Alive, [2]float64{from, y})
		} else {
			col.Down = append(col.Down, [2]float64{from, y})
		}
		from, up = y, now
	}
	for _, ev := range events {
		if ev.Node != col.Name {
			continue
		}
		switch ev.Kind {
		case history.Kill, history.Stop:
			turn(ev.T, false)
		case history.Start:
			turn(ev.T, true)
		}
	}
	turn(math.MaxInt64, true)
}

// arrowOf draws a message on its way. A lost one ends in a cross, short of
// where it was going.
func arrowOf(c *explain.Case, h explain.Hop, ys map[int]float64, columns map[string]float64, windows []window, st step) arrow {
	y := ys[h.Send]
	a := arrow{X1: columns[h.From], Y1: y, Label: clip(hopName(c.Events[h.Send]), 18), Again: h.Again, Bad: st.Bad}
	to, known := columns[h.To]
	came, shown := ys[h.Recv]
	switch {
	case !known:
		a.X2, a.Y2 = a.X1+columnWidth*0.4, y+rowHeight*0.5
	case h.Recv == explain.None || !shown:
		a.X2, a.Y2 = tenth(short(h, a.X1, to)), y+rowHeight*0.5
	default:
		a.X2, a.Y2 = to, came
	}
	if h.Recv == explain.None {
		a.Lost = true
		if w, ok := c.Took(h); ok {
			a.Key = keyOf(windows, w.ID)
		}
	}
	if h.Again {
		a.Label += " again"
	}
	// Above the arrow's middle, where neither its head nor its number is.
	a.LabelX, a.LabelY = tenth((a.X1+a.X2)/2), tenth((a.Y1+a.Y2)/2-8)
	return a
}

// short is where a message ends that never came. Where other nodes stand between
// the two it ends where the bands of its link are: a cross at another node's
// line would say that it was lost there.
func short(h explain.Hop, from, to float64) float64 {
	if math.Abs(to-from) <= columnWidth {
		return from + (to-from)*0.7
	}
	client, service := from, to
	if h.Answer {
		client, service = to, from
	}
	x, width := gap(client, service)
	return x + width/2
}

// Legend says what the shaded bands are.
func (e excerpt) Legend() []string {
	var all []string
	for _, b := range e.Bands {
		if text := b.Key + " " + b.Label; !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
