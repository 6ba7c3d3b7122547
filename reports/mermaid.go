package reports

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/explain"
	"faultlab/sim/history"
)

// mermaid draws a story as a sequence diagram, in the language that forges draw
// in pull requests: a node a lifeline, a message an arrow, one that was lost
// with a cross at its end.
func mermaid(c *explain.Case, s explain.Story) string {
	hops := map[int]explain.Hop{}
	for _, h := range c.Hops {
		hops[h.Send] = h
	}
	var nodes []string
	lifeline := func(node string) string {
		i := slices.Index(nodes, node)
		if i < 0 {
			i, nodes = len(nodes), append(nodes, node)
		}
		return fmt.Sprintf("n%d", i)
	}
	var steps strings.Builder
	for _, l := range s.Lines {
		e := c.Events[l.Event]
		h, sent := hops[l.Event]
		switch {
		case sent && h.To != "":
			from, to := lifeline(h.From), lifeline(h.To)
			fmt.Fprintf(&steps, "    %s%s%s: %s\n", from, arrow(h), to, mermaidText(label(e, h)))
			if l.Fault != "" {
				fmt.Fprintf(&steps, "    Note over %s,%s: %s\n", from, to, mermaidText(faultName(c, l.Fault)))
			}
		case e.Link != "" && e.Kind == history.Fault:
			from, to, _ := strings.Cut(e.Link, "->")
			fmt.Fprintf(&steps, "    Note over %s,%s: %s\n", lifeline(from), lifeline(to), mermaidText(l.Text))
		case e.Node != "":
			fmt.Fprintf(&steps, "    Note over %s: %s\n", lifeline(e.Node), mermaidText(l.Text))
		}
	}
	var text strings.Builder
	text.WriteString("sequenceDiagram\n")
	for i, node := range nodes {
		fmt.Fprintf(&text, "    participant n%d as %s\n", i, mermaidText(node))
	}
	return text.String() + steps.String()
}

// arrow is solid for a request and dotted for an answer.
func arrow(h explain.Hop) string {
	line := "-"
	if h.Answer {
		line = "--"
	}
	if h.Recv == explain.None {
		return line + "x"
	}
	return line + ">>"
}

// label is what stands on the arrow of a message.
func label(e history.Event, h explain.Hop) string {
	text := e.Op
	if h.Answer && e.Op != "ACK" {
		text = "answer"
	}
	if e.Source != "" && e.Seq != 0 {
		text += fmt.Sprintf(" %s/%d", e.Source, e.Seq)
	}
	if h.Again {
		text += " again"
	}
	return text
}

// faultName is the fault of a use, as the script has it.
func faultName(c *explain.Case, id string) string {
	i := slices.IndexFunc(c.Windows, func(w explain.Window) bool { return w.ID == id })
	return c.Windows[i].Name()
}

// mermaidText escapes what ends a statement of the language, or begins one of
// its entities, and what a page would take for a tag.
func mermaidText(text string) string {
	return strings.NewReplacer("#", "#35;", ";", "#59;", "<", "#lt;", ">", "#gt;", "\n", " ").Replace(printable(text))
}
