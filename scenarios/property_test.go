package scenarios_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/scenarios"
	"faultlab/sim/param"
)

func TestPropertyParseUndoesPrint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScenario(t)
		text := scenarios.Print(s)
		back, err := scenarios.Parse("", "drawn", text, vocabulary())
		require.NoError(t, err, "%s", text)
		require.Equal(t, text, scenarios.Print(back))
		require.Equal(t, s, withoutPlaces(back), "%s", text)
	})
}

// withoutPlaces leaves of a scenario what its text says, without where.
func withoutPlaces(s *scenarios.Scenario) *scenarios.Scenario {
	s.Params = param.Values{}
	for i := range s.Workload {
		s.Workload[i].Pos = scenarios.Pos{}
	}
	for i := range s.Steps {
		s.Steps[i].Pos = scenarios.Pos{}
		f := &s.Steps[i].Fault
		f.Values = param.Values{}
		for j := range f.Attrs {
			f.Attrs[j].Pos = scenarios.Pos{}
		}
	}
	for i := range s.Expects {
		s.Expects[i].Pos = scenarios.Pos{}
	}
	return s
}

func drawScenario(t *rapid.T) *scenarios.Scenario {
	voc := vocabulary()
	system := voc.Systems[0]
	s := &scenarios.Scenario{
		Story: drawComments(t, "story"), System: system.Name, World: "virtual",
		Workload: drawAssigns(t, system.Params), End: drawComments(t, "end"),
	}
	if rapid.Bool().Draw(t, "seeded") {
		seed := rapid.Uint64().Draw(t, "seed")
		s.Seed = &seed
	}
	if rapid.Bool().Draw(t, "settling") {
		s.Settle = drawTime(t, 1)
	}
	drawHeadNotes(t, s)
	for range rapid.IntRange(0, 4).Draw(t, "steps") {
		s.Steps = append(s.Steps, drawStep(t, voc))
	}
	// Each property once, so that no two lines contradict each other.
	var properties []string
	for _, p := range rapid.Permutation(voc.Properties).Draw(t, "properties") {
		properties = append(properties, p.Name)
	}
	for range rapid.IntRange(0, 3).Draw(t, "expects") {
		n := rapid.IntRange(1, 2).Draw(t, "properties on the line")
		e := scenarios.Expect{
			Note: drawNote(t), Variant: rapid.SampledFrom(system.Variants).Draw(t, "variant"),
			Violates: rapid.Bool().Draw(t, "violates"), Properties: properties[:n:n], Count: -1,
		}
		properties = properties[n:]
		if e.Violates && n == 1 && rapid.Bool().Draw(t, "counted") {
			e.Count = rapid.IntRange(1, 1000).Draw(t, "count")
		}
		s.Expects = append(s.Expects, e)
	}
	return s
}

func drawHeadNotes(t *rapid.T, s *scenarios.Scenario) {
	notes := map[string]scenarios.Note{"system": {Beside: drawNote(t).Beside}, "world": drawNote(t)}
	if s.Workload != nil {
		notes["workload"] = drawNote(t)
	}
	if s.Seed != nil {
		notes["seed"] = drawNote(t)
	}
	for name, n := range notes {
		if n.Above == nil && n.Beside == "" {
			continue
		}
		if s.Notes == nil {
			s.Notes = map[string]scenarios.Note{}
		}
		s.Notes[name] = n
	}
}

// drawText draws any text that can stand in a comment or in quotes.
func drawText(t *rapid.T, label string) string {
	return rapid.StringMatching(`|([!-~]|[!-~äЖ漢#"\\0-9] {0,3}[!-~é🙂#"\\0-9]){1,8}`).Draw(t, label)
}

func drawComments(t *rapid.T, label string) []string {
	var lines []string
	for range rapid.IntRange(0, 3).Draw(t, label) {
		indent := strings.Repeat(" ", rapid.IntRange(0, 3).Draw(t, "indent"))
		lines = append(lines, strings.TrimRight(indent+drawText(t, "comment"), " "))
	}
	return lines
}

func drawNote(t *rapid.T) scenarios.Note {
	return scenarios.Note{Above: drawComments(t, "above"), Beside: drawText(t, "beside")}
}

func drawTime(t *rapid.T, least time.Duration) time.Duration {
	unit := rapid.SampledFrom([]time.Duration{1, time.Microsecond, time.Millisecond, time.Second, time.Minute}).Draw(t, "unit")
	n := rapid.Int64Range(0, int64(time.Hour/unit)).Draw(t, "n")
	return max(least, time.Duration(n)*unit)
}

func drawStep(t *rapid.T, voc scenarios.Vocabulary) scenarios.Step {
	s := scenarios.Step{Note: drawNote(t), Fault: drawFault(t, voc)}
	switch rapid.IntRange(0, 2).Draw(t, "when") {
	case 0:
		s.At = drawTime(t, 0)
	case 1:
		s.Every = max(drawTime(t, time.Millisecond), s.Fault.For+1)
		if s.Every > time.Hour {
			s.Every, s.Fault.For = time.Hour, time.Minute
		}
		s.Times = rapid.IntRange(0, int(time.Hour/s.Every)).Draw(t, "times")
	case 2:
		s.When = &scenarios.Trigger{
			Node:  rapid.SampledFrom([]string{"sensor", "forwarder", "collector"}).Draw(t, "watched"),
			Verb:  rapid.SampledFrom(scenarios.Verbs).Draw(t, "verb").Name,
			Count: rapid.IntRange(1, 100).Draw(t, "nth"),
		}
		match := rapid.SampledFrom([]string{"", "paul/17", "kill", "#3", "+1s", `\ "\" #`, drawText(t, "match")})
		s.When.Match = match.Draw(t, "which match")
		if rapid.Bool().Draw(t, "delayed") {
			s.When.After = drawTime(t, 0)
		}
	}
	return s
}

func drawFault(t *rapid.T, voc scenarios.Vocabulary) scenarios.Fault {
	word := rapid.SampledFrom(voc.Faults).Draw(t, "fault")
	f := scenarios.Fault{Name: word.Name, Attrs: drawAssigns(t, word.Attrs)}
	switch word.On {
	case scenarios.OnNode:
		f.Node = rapid.SampledFrom([]string{"sensor", "forwarder", "collector"}).Draw(t, "node")
	case scenarios.OnLink:
		f.Link = "forwarder->collector"
		if !word.Undirected {
			f.Direction = rapid.SampledFrom([]string{"", "upstream", "downstream"}).Draw(t, "direction")
		}
	case scenarios.OnGroups:
		f.Groups = rapid.SampledFrom([][][]string{
			{{"sensor", "forwarder"}, {"collector"}}, {{"collector"}, {"forwarder"}}, {{"sensor"}, {"forwarder"}, {"collector"}},
		}).Draw(t, "groups")
	}
	if rapid.Bool().Draw(t, "ending") {
		f.For = drawTime(t, 1)
	}
	return f
}

// drawAssigns sets what must be set and some of the others, in any order.
func drawAssigns(t *rapid.T, declared param.List) []scenarios.Assign {
	var set []scenarios.Assign
	for _, p := range declared {
		if !p.Required && rapid.Bool().Draw(t, "default of "+p.Name) {
			continue
		}
		var value string
		switch p.Default.(type) {
		case int:
			least, _ := p.Min.(int)
			value = fmt.Sprint(least + rapid.IntRange(0, 9).Draw(t, p.Name))
			if p.Name == "size_variation" {
				value = "0"
			}
		case time.Duration:
			value = fmt.Sprint(drawTime(t, time.Millisecond))
		case bool:
			value = fmt.Sprint(rapid.Bool().Draw(t, p.Name))
		case string:
			value = rapid.SampledFrom(slices.Concat(p.OneOf, p.OneOf, []string{"a=b#c/17"})[:max(1, len(p.OneOf))]).Draw(t, p.Name)
		}
		set = append(set, scenarios.Assign{Name: p.Name, Value: value})
	}
	if len(set) == 0 {
		return nil
	}
	return rapid.Permutation(set).Draw(t, "order")
}
