package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"faultlab/sim/check"
	"faultlab/sim/world"
)

// Table prints what held and what broke: problems first, each with why, how it
// came about, and the command that repeats it; of a few runs how all came about;
// then a row for each scenario and variant. Both worlds share a row when they
// found the same. What would not fit on a screen is a row for each lab.
func Table(w io.Writer, runs []Run, color bool) error {
	var text strings.Builder
	for _, r := range runs {
		if r.State() != AsExpected {
			problem(&text, r, color)
		}
	}
	stories(&text, runs, color)
	rows := tableRows(runs)
	if len(rows) > screen {
		rows = labRows(runs)
	}
	var wide [3]int
	for _, row := range rows {
		for i, cell := range []string{row.scenario, row.variant, row.world} {
			wide[i] = max(wide[i], utf8.RuneCountInString(cell))
		}
	}
	last := ""
	for _, row := range rows {
		scenario := row.scenario
		if scenario == last {
			scenario = "" // said on the row above
		}
		last = row.scenario
		fmt.Fprintf(&text, "%s  %-*s  %-*s  %-*s  %s\n", paint(row.state, pad(string(row.state)), color), wide[0], scenario, wide[1], row.variant, wide[2], row.world, row.finding)
	}
	if len(rows) > 0 {
		text.WriteByte('\n')
	}
	fmt.Fprintln(&text, Count(runs))
	text.WriteString(hint(runs))
	_, err := io.WriteString(w, text.String())
	return err
}

func problem(text *strings.Builder, r Run, color bool) {
	fmt.Fprintf(text, "%s  %s/%s %s %s\n", paint(r.State(), pad(string(r.State())), color), r.Record.Lab, ScenarioName(r.Record), r.Record.Variant, r.Record.World)
	// Where the run itself went wrong, what its checkers could not see is only
	// a consequence.
	why := r.Record.Problems
	if len(why) == 0 {
		why = r.Why()
	}
	for _, line := range head(printable(strings.Join(why, "\n")), 8) {
		if line != "" {
			line = "         " + line
		}
		fmt.Fprintln(text, line)
	}
	for _, s := range r.Stories {
		if s.Outcome == check.Violated && !r.expected(s.Property) {
			r.story(text, s)
		}
	}
	fmt.Fprintf(text, "         replay: %s\n\n", r.Replay())
}

// expected reports whether the script expects the property to be violated.
func (r Run) expected(property string) bool {
	return slices.ContainsFunc(r.Record.Expects, func(e world.Expectation) bool { return e.Property == property && e.Violated })
}

// head gives the first lines of a text. A stack has hundreds; all of them
// stand in verdict.json.
func head(text string, n int) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n:n], fmt.Sprintf("… %d more lines in %s", len(lines)-n, verdictFile))
}

// screen is how many rows fit on one.
const screen = 40

type tableRow struct {
	state                             State
	scenario, variant, world, finding string
}

// tableRows merges the worlds of a scenario and variant that found the same.
func tableRows(runs []Run) []tableRow {
	var rows []tableRow
	for _, r := range runs {
		row := tableRow{
			state:    r.State(),
			scenario: r.Record.Lab + "/" + ScenarioName(r.Record),
			variant:  r.Record.Variant,
			world:    r.Record.World,
			finding:  r.Finding(),
		}
		twin := slices.IndexFunc(rows, func(o tableRow) bool {
			return o.scenario == row.scenario && o.variant == row.variant && o.state == row.state && o.finding == row.finding
		})
		if twin >= 0 {
			rows[twin].world = "both"
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

// String says the counts in a sentence.
func (c Counts) String() string {
	if c.Runs == 0 {
		return "no runs"
	}
	text := fmt.Sprintf("%d runs: %d as expected", c.Runs, c.AsExpected)
	if c.Runs == 1 {
		text = fmt.Sprintf("1 run: %d as expected", c.AsExpected)
	}
	if c.Differs > 0 {
		text += fmt.Sprintf(", %d with a verdict that differs", c.Differs)
	}
	if c.Unknown > 0 {
		text += fmt.Sprintf(", %d unknown", c.Unknown)
	}
	return text
}

// Line is the run in one line, for where there is no terminal to draw on.
func (r Run) Line(color bool) string {
	finding := r.Finding()
	if r.State() == Differs {
		finding += ": " + r.reason()
	}
	return fmt.Sprintf("%s  %s/%s %s %s  %s  %dms", paint(r.State(), pad(string(r.State())), color),
		r.Record.Lab, ScenarioName(r.Record), r.Record.Variant, r.Record.World, finding, r.Record.Elapsed.Milliseconds())
}

// pad makes all states equally wide; before paint, which adds bytes that take
// no room.
func pad(state string) string { return fmt.Sprintf("%-7s", state) }

func paint(s State, text string, color bool) string {
	if !color {
		return text
	}
	code := map[State]string{AsExpected: "32", Differs: "31", Unknown: "33"}[s]
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
