package page

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
)

// logs is one log of the lab at the end, of each variant that was run.
type logs struct {
	Name    string // empty where the lab keeps one
	Columns []logColumn
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
const marksShown = 40

// compare puts the final logs side by side. What is marked in one is shown in
// all, so that the eye finds the same message on both sides.
func compare(r Run, beside []Beside) []logs {
	type run struct {
		variant string
		this    bool
		lines   []check.LogLine
	}
	judged := slices.ContainsFunc(r.Judgement.Verdicts, func(v check.Verdict) bool { return v.Property == check.NoPhantoms })
	lines := check.New(r.Events, r.Record.Facts()).LogLines()
	runs := []run{{r.Record.Variant, true, lines}}
	for _, b := range beside {
		if b.Comparable {
			runs = append(runs, run{b.Variant, false, b.Log})
		}
	}
	order := []string{"original", "naive", "hardened"}
	slices.SortStableFunc(runs, func(a, b run) int {
		return slices.Index(order, a.variant) - slices.Index(order, b.variant)
	})
	var names []string
	for _, run := range runs {
		for _, e := range run.lines {
			if !slices.Contains(names, e.Log) {
				names = append(names, e.Log)
			}
		}
	}
	slices.Sort(names)
	var all []logs
	for _, name := range names {
		l := logs{Name: name}
		watched := map[string]bool{}
		for _, run := range runs {
			for _, e := range run.lines {
				if e.Log == name && len(marksOf(e, judged)) > 0 {
					watched[messageOf(e)] = true
				}
			}
		}
		for _, run := range runs {
			l.Columns = append(l.Columns, columnOf(run.variant, run.this, name, run.lines, watched, judged))
		}
		all = append(all, l)
	}
	return all
}

func messageOf(e check.LogLine) string { return title(e.Source, e.Seq, e.Value) }

// marksOf says in words what is wrong with an entry. Of a table that was not
// empty at the start, an entry that nobody invoked is no phantom: judged says
// whether no-phantoms was put to the test.
func marksOf(e check.LogLine, judged bool) []string {
	var marks []string
	switch {
	case e.Missing && e.Acknowledged:
		marks = append(marks, "lost: acknowledged, and not in the log")
	case e.Missing:
		marks = append(marks, "undelivered: invoked, and not in the log")
	case e.Seq == 0 && judged:
		marks = append(marks, "phantom: no message that was invoked")
	}
	if e.Nth > 1 {
		marks = append(marks, "duplicated: "+ordinal(e.Nth)+" entry of this message")
	}
	if e.Late {
		marks = append(marks, "reordered: behind a later one of its source")
	}
	return marks
}

func ordinal(n int) string {
	switch n {
	case 2:
		return "second"
	case 3:
		return "third"
	}
	return fmt.Sprintf("%dth", n)
}

func symbolOf(e check.LogLine) string {
	switch {
	case e.Missing:
		return "∅"
	case e.Seq == 0:
		return "?"
	case e.Nth > 1:
		return fmt.Sprintf("×%d", e.Nth)
	case e.Late:
		return "↕"
	}
	return ""
}

// columnOf folds one log around what is to be looked at.
func columnOf(variant string, this bool, name string, lines []check.LogLine, watched map[string]bool, judged bool) logColumn {
	var rows []entry
	var keep []bool
	n, marked := 0, 0
	counts := map[string]int{}
	for _, e := range lines {
		if e.Log != name {
			continue
		}
		row := entry{Title: messageOf(e), Value: clip(e.Value, 64), Marks: marksOf(e, judged), Symbol: symbolOf(e)}
		if row.Title == clip(fmt.Sprintf("%q", e.Value), 40) {
			row.Title = "" // its value says it
		}
		if !e.Missing {
			n++
			row.N = n
		}
		for _, m := range row.Marks {
			word, _, _ := strings.Cut(m, ":")
			counts[word]++
		}
		show := watched[messageOf(e)] && marked < marksShown
		if show {
			marked++
		}
		rows, keep = append(rows, row), append(keep, show)
	}
	col := logColumn{Variant: variant, This: this, Summary: fmt.Sprintf("%d entries", n)}
	if n == 1 {
		col.Summary = "1 entry"
	}
	for _, word := range []string{"lost", "undelivered", "duplicated", "reordered", "phantom"} {
		if counts[word] > 0 {
			col.Summary += fmt.Sprintf(", %d %s", counts[word], word)
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
		number := "–"
		if row.N > 0 {
			number = fmt.Sprint(row.N)
		}
		fmt.Fprintf(&text, "%5s  %s  %s", number, row.Title, row.Value)
		for _, m := range row.Marks {
			part.Marked = true
			fmt.Fprintf(&text, "  %s %s", row.Symbol, m)
		}
		text.WriteByte('\n')
	}
	part.Folded = text.String()
	return part
}
