package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"faultlab/sim/check"
)

// logs is one log of the lab at the end, of each variant that was run.
type logs struct {
	Name    string // empty where the lab keeps one
	Columns []logColumn
	Legend  []string // what the marks mean that stand in it
}

type logColumn struct {
	Variant string
	This    bool
	Summary string // what is marked in it
	Parts   []logPart
}

// logPart is entries to look at, or a fold over those that are as they should
// be.
type logPart struct {
	Entries []entry
	Folded  string // their text, a line each
	Count   int    // of the folded ones
	Marked  bool   // the fold holds marked entries as well
}

type entry struct {
	N      int // place in the log, from 1; 0: it is missing from it
	Title  string
	Value  string
	Marks  []string
	Symbol string
}

// A log in which everything is wrong is not read to its end.
const marksShown = 24

// compare puts the final logs side by side. What is marked in one is shown in
// all, so that the eye finds the same message on both sides.
func compare(r Run, beside []Beside) []logs {
	type run struct {
		variant string
		this    bool
		lines   []markedLine
	}
	// In a table that was not empty at the start, an entry that nobody invoked
	// is no phantom: what counts is whether no-phantoms was put to the test.
	phantoms := slices.ContainsFunc(r.Judgement.Verdicts, func(v check.Verdict) bool { return v.Property == check.NoPhantoms })
	lines := check.New(r.Events, r.Record.Facts()).LogLines()
	runs := []run{{r.Record.Variant, true, marked(lines, phantoms, accused(r.Judgement.Verdicts))}}
	for _, b := range beside {
		if b.Comparable {
			runs = append(runs, run{b.Variant, false, marked(b.Log, phantoms, nil)})
		}
	}
	order := []string{"original", "naive", "hardened"}
	slices.SortStableFunc(runs, func(a, b run) int {
		return slices.Index(order, a.variant) - slices.Index(order, b.variant)
	})
	all := map[string]*logs{}
	watched := map[string]map[string]bool{} // log → messages that are marked in any run
	found := map[string]map[string]bool{}   // log → marks
	for _, run := range runs {
		for _, e := range run.lines {
			if all[e.Log] == nil {
				all[e.Log] = &logs{Name: e.Log}
				watched[e.Log], found[e.Log] = map[string]bool{}, map[string]bool{}
			}
			for _, m := range e.marks {
				watched[e.Log][e.title], found[e.Log][m] = true, true
			}
		}
	}
	var sorted []logs
	for _, name := range slices.Sorted(maps.Keys(all)) {
		l := *all[name]
		for _, m := range meanings {
			if found[name][m.mark] {
				l.Legend = append(l.Legend, m.mark+": "+m.meaning)
			}
		}
		for _, run := range runs {
			l.Columns = append(l.Columns, columnOf(run.variant, run.this, name, run.lines, watched[name]))
		}
		sorted = append(sorted, l)
	}
	return sorted
}

// columnOf folds one log around what is to be looked at.
func columnOf(variant string, this bool, name string, lines []markedLine, watched map[string]bool) logColumn {
	var rows []entry
	var keep []bool
	n, shown := 0, 0
	counts := map[string]int{}
	for _, e := range lines {
		if e.Log != name {
			continue
		}
		row := entry{Title: e.title, Value: clip(e.Value, 64), Marks: e.marks, Symbol: symbolOf(e.LogLine)}
		if e.Seq == 0 {
			row.Title = "" // its value says it
		}
		if !e.Missing {
			n++
			row.N = n
		}
		for _, m := range row.Marks {
			counts[m]++
		}
		show := watched[e.title] && shown < marksShown
		if show {
			shown++
		}
		rows, keep = append(rows, row), append(keep, show)
	}
	col := logColumn{Variant: variant, This: this, Summary: fmt.Sprintf("%d entries", n)}
	if n == 1 {
		col.Summary = "1 entry"
	}
	for _, m := range meanings {
		if counts[m.mark] > 0 {
			col.Summary += fmt.Sprintf(", %d %s", counts[m.mark], m.mark)
		}
	}
	// The entry before and the one after show where in the log it is.
	near := func(i int) bool {
		for j := max(0, i-1); j <= min(len(rows)-1, i+1); j++ {
			if keep[j] {
				return true
			}
		}
		return false
	}
	for i := 0; i < len(rows); {
		j := i
		for j < len(rows) && near(j) == near(i) {
			j++
		}
		if near(i) || j-i < 4 {
			col.Parts = append(col.Parts, logPart{Entries: rows[i:j]})
		} else {
			col.Parts = append(col.Parts, fold(rows[i:j]))
		}
		i = j
	}
	return col
}

func fold(rows []entry) logPart {
	var text strings.Builder
	part := logPart{Count: len(rows)}
	for _, row := range rows {
		fmt.Fprintf(&text, "%5s  %s  %s", row.place(), row.Title, row.Value)
		for _, m := range row.Marks {
			part.Marked = true
			fmt.Fprintf(&text, "  %s %s", row.Symbol, m)
		}
		text.WriteByte('\n')
	}
	part.Folded = text.String()
	return part
}

// place is the entry's number in the log.
func (e entry) place() string {
	if e.N == 0 {
		return "–"
	}
	return fmt.Sprint(e.N)
}
