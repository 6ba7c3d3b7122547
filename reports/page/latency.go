package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/history"
)

// latency is how long operations took, over the time of the run. Its height is
// a logarithm: a stall of a second and a hop of a millisecond both show.
type latency struct {
	Width, Height float64
	OK, Info      string // the dots of each outcome, as one path
	Fail          string
	Open          string // operations that never completed, along the top
	Trips         string // requests of nodes that are no clients, until they were answered
	Bands         []band
	Keys          []faultBadge
	Across, Up    []tick // the axes; Y of Across is how far to the right
	Summary       string
	Slowest       []slow
}

// slow is one of the operations that took longest.
type slow struct{ Title, Took, At string }

// took is an operation and how long it took; ns < 0: it never completed.
type took struct {
	title   string
	at, ns  int64
	outcome history.Kind
}

// The chart's measures, in pixels.
const (
	chartWidth, chartHeight          = 880.0, 230.0
	chartLeft, chartTop, chartBottom = 62.0, 26.0, 24.0
	slowestShown                     = 5
)

func latencyOf(c *explain.Case, windows []window) latency {
	all := durations(c.Events)
	if len(all) == 0 {
		return latency{}
	}
	l := latency{Width: chartWidth, Height: chartHeight}
	trips := roundTrips(c.Events)
	low, high := int64(math.MaxInt64), int64(0)
	for _, o := range slices.Concat(all, trips) {
		if o.ns >= 0 {
			low, high = min(low, max(1000, o.ns)), max(high, o.ns)
		}
	}
	if high == 0 {
		low, high = 1e6, 1e7
	}
	from, to := math.Floor(math.Log10(float64(low))), math.Ceil(math.Log10(float64(high)+1))
	end := max(1, c.Events[len(c.Events)-1].T)
	x := func(t int64) float64 {
		return chartLeft + (chartWidth-chartLeft-8)*float64(min(t, end))/float64(end)
	}
	y := func(ns float64) float64 {
		share := (math.Log10(max(ns, 1000)) - from) / (to - from)
		return chartHeight - chartBottom - share*(chartHeight-chartTop-chartBottom)
	}
	paths := map[history.Kind]*strings.Builder{history.OK: {}, history.Info: {}, history.Fail: {}, "": {}}
	for _, o := range all {
		switch o.outcome {
		case "":
			fmt.Fprintf(paths[""], "M%.1f %.1fl4 -7h-8z", x(o.at), chartTop-2)
		case history.OK: // a dot: a line of no length with round ends
			fmt.Fprintf(paths[history.OK], "M%.1f %.1fh0", x(o.at), y(float64(o.ns)))
		case history.Info: // a ring would need more bytes than a triangle
			fmt.Fprintf(paths[history.Info], "M%.1f %.1fl4 7h-8z", x(o.at), y(float64(o.ns))-4)
		case history.Fail:
			fmt.Fprintf(paths[history.Fail], "M%.1f %.1fl6 6m0 -6l-6 6", x(o.at)-3, y(float64(o.ns))-3)
		}
	}
	l.OK, l.Info = paths[history.OK].String(), paths[history.Info].String()
	l.Fail, l.Open = paths[history.Fail].String(), paths[""].String()
	var rings strings.Builder
	for _, o := range trips {
		fmt.Fprintf(&rings, "M%.1f %.1fl3.5 3.5l-3.5 3.5l-3.5 -3.5z", x(o.at), y(float64(o.ns))-3.5)
	}
	l.Trips = rings.String()
	for decade := from; decade <= to; decade++ {
		l.Up = append(l.Up, tick{Y: y(math.Pow(10, decade)), Text: span(math.Pow(10, decade))})
	}
	for t, step := int64(0), even(end/6); t < end; t += step {
		l.Across = append(l.Across, tick{Y: x(t), Text: span(float64(t))})
	}
	free := 0.0 // how far the line of keys is filled: those that do not fit are left out
	for _, w := range windows {
		left := x(w.From)
		if left >= free {
			l.Keys = append(l.Keys, faultBadge{X: left, Y: 16, Label: w.Key})
			free = left + 26
		}
		l.Bands = append(l.Bands, band{X: left, Y: chartTop, Width: max(3, x(w.To)-left), Height: chartHeight - chartTop - chartBottom, Key: w.Key, Label: w.Label})
	}
	l.Summary, l.Slowest = summary(all)+between(trips), slowest(all)
	return l
}

// even rounds a step of an axis up to 1, 2 or 5 times a power of ten.
func even(step int64) int64 {
	power := int64(1)
	for power*10 <= step {
		power *= 10
	}
	for _, times := range []int64{1, 2, 5} {
		if times*power >= step {
			return times * power
		}
	}
	return 10 * power
}

// durations gathers the operations of a history, in the order of their invokes.
func durations(events []history.Event) []took {
	type caller struct {
		node, source string
		seq          int64
	}
	open := map[caller]int{}
	var all []took
	for _, e := range events {
		who := caller{e.Node, e.Source, e.Seq}
		switch e.Kind {
		case history.Invoke:
			open[who] = len(all)
			all = append(all, took{title: messageTitle(check.Message{Source: e.Source, Seq: e.Seq, Value: e.Value}), at: e.T, ns: -1})
		case history.OK, history.Info, history.Fail:
			if i, ok := open[who]; ok {
				all[i].ns, all[i].outcome = e.T-all[i].at, e.Kind
				delete(open, who)
			}
		}
	}
	return all
}

// summary says the chart in a sentence, for whoever does not see it.
func summary(all []took) string {
	var done []int64
	counts := map[history.Kind]int{}
	for _, o := range all {
		counts[o.outcome]++
		if o.ns >= 0 {
			done = append(done, o.ns)
		}
	}
	text := fmt.Sprintf("%d operations: %d ok, %d failed, %d of unknown outcome, %d never completed", len(all), counts[history.OK], counts[history.Fail], counts[history.Info], counts[""])
	return text + "." + quantiles(done)
}

// quantiles says how long things took, in a sentence.
func quantiles(took []int64) string {
	if len(took) == 0 {
		return ""
	}
	slices.Sort(took)
	at := func(share float64) string { return span(float64(took[int(share*float64(len(took)-1))])) }
	return fmt.Sprintf(" Half took %s or less, 99 of 100 took %s or less, the longest %s.", at(0.5), at(0.99), at(1))
}

func slowest(all []took) []slow {
	byTime := slices.Clone(all)
	slices.SortStableFunc(byTime, func(a, b took) int {
		switch long := func(o took) int64 {
			if o.ns < 0 {
				return math.MaxInt64
			}
			return o.ns
		}; {
		case long(a) > long(b):
			return -1
		case long(a) < long(b):
			return 1
		}
		return 0
	})
	var top []slow
	for _, o := range byTime[:min(slowestShown, len(byTime))] {
		s := slow{Title: o.title, At: moment(o.at), Took: "never completed"}
		if o.ns >= 0 {
			s.Took = span(float64(o.ns)) + ", " + string(o.outcome)
		}
		top = append(top, s)
	}
	return top
}
