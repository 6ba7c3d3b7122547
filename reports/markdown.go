package reports

import (
	"fmt"
	"strings"
)

// summaryMD is the content of summary.md, for a pull request: what held and what
// broke, and how each violation came about that nobody expected.
func summaryMD(runs []Run) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "# faultlab: %s\n\n", Count(runs))
	if rows := tableRows(runs); len(rows) > 0 {
		text.WriteString("| | scenario | variant | world | |\n|---|---|---|---|---|\n")
		for _, row := range rows {
			fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n", row.state, markdown(row.scenario), markdown(row.variant), row.world, markdown(row.finding))
		}
	}
	for _, r := range runs {
		if r.State() == AsExpected {
			continue
		}
		fmt.Fprintf(&text, "\n## %s: %s/%s, %s, %s\n\n", r.State(), markdown(r.Record.Lab), markdown(ScenarioName(r.Record)), markdown(r.Record.Variant), r.Record.World)
		for _, line := range head(printable(strings.Join(r.Why(), "\n")), 8) {
			fmt.Fprintf(&text, "    %s\n", line)
		}
		fmt.Fprintf(&text, "\nReplay: `%s`\n", r.Replay())
		for i := range r.Stories {
			if !r.expected(r.Stories[i].Property) {
				r.storyMD(&text, i)
			}
		}
	}
	return []byte(text.String())
}

// explanationMD is the content of explanation.md: all stories of a run. It is
// empty where there is none.
func (r Run) explanationMD() []byte {
	if len(r.Stories) == 0 {
		return nil
	}
	var text strings.Builder
	fmt.Fprintf(&text, "# %s/%s, %s, %s\n\n", markdown(r.Record.Lab), markdown(ScenarioName(r.Record)), markdown(r.Record.Variant), r.Record.World)
	fmt.Fprintf(&text, "Replay: `%s`\n", r.replayBeside())
	for i := range r.Stories {
		r.storyMD(&text, i)
	}
	return []byte(text.String())
}

// storyMD writes a story: in sentences, and as a diagram.
func (r Run) storyMD(text *strings.Builder, i int) {
	s := r.Stories[i]
	heading := headline(s)
	if s.Property != "" {
		heading = "How " + s.Property + " was violated"
	}
	fmt.Fprintf(text, "\n### %s\n\n", markdown(heading))
	for _, line := range s.Short(sentences) {
		fmt.Fprintf(text, "- %s\n", markdown(strings.Replace(line, "  ", ": ", 1)))
	}
	for _, more := range []struct{ label, said string }{
		{"Rule", s.Rule}, {"Remedy", s.Remedy}, {"Proof", s.Proof},
	} {
		if more.said != "" {
			fmt.Fprintf(text, "- **%s**: %s\n", more.label, markdown(more.said))
		}
	}
	fmt.Fprintf(text, "\n```mermaid\n%s```\n", r.diagrams[i])
}

// markdown escapes what would be read as markup.
func markdown(text string) string {
	var escaped strings.Builder
	for _, r := range printable(text) {
		switch {
		case r == '\n':
			r = ' '
		case strings.ContainsRune("\\`*_<>|[]#", r):
			escaped.WriteByte('\\')
		}
		escaped.WriteRune(r)
	}
	return escaped.String()
}
