package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/reports"
	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/explore"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

// explained runs a script as the command does: with the reruns that tell which
// fault it took, and the stories.
func explained(e explore.Explorer, spec world.Spec) reports.Run {
	run := func(v *lab.Variant) world.Result {
		spec := spec
		spec.Variant = v
		return world.Run(context.Background(), spec, e.World)
	}
	r := reports.Run{Result: run(spec.Variant)}
	r.Record.Counterfactuals = e.Causes(spec.Scenario, r.Result, run)
	r.Explain()
	return r
}

// TestStories: of each violation that a script expects, the story names the
// same message, hop, fault, rule and remedy as it did. How it says so may change.
func TestStories(t *testing.T) {
	labs := systems.All()
	words := world.Vocabulary(labs)
	var goldens []string
	for _, name := range scenarios.List() {
		c := command{labs: labs, words: words}
		s, err := c.read(name)
		require.NoError(t, err)
		for _, v := range expectedBroken(s) {
			golden := filepath.Join("sim", "explain", "testdata", "stories", strings.ReplaceAll(name, "/", "-")+"-"+v.Name+".golden")
			goldens = append(goldens, golden)
			t.Run(name+"/"+v.Name, func(t *testing.T) {
				spec := s.spec(v, nil)
				r := explained(explore.New(s.system, v, words, virtual.New(), spec.Seed), spec)
				got := meaning(r)
				if *update {
					require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
					require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err, "write it with: go test -run TestStories . -update")
				require.Equal(t, string(want), got, "if the change is meant: go test -run TestStories . -update")
			})
		}
	}
	kept, err := filepath.Glob(filepath.Join("sim", "explain", "testdata", "stories", "*"))
	require.NoError(t, err)
	require.ElementsMatch(t, goldens, kept, "a story of a script that is gone tells nothing")
}

// expectedBroken are the variants of which a script expects a violation.
func expectedBroken(s script) []*lab.Variant {
	var broken []*lab.Variant
	for i := range s.system.Variants {
		v := &s.system.Variants[i]
		if slices.ContainsFunc(s.Expects, func(e scenarios.Expect) bool { return e.Variant == v.Name && e.Violates }) {
			broken = append(broken, v)
		}
	}
	return broken
}

// meaning is what the stories of a run tell, without their words.
func meaning(r reports.Run) string {
	var text strings.Builder
	c := explain.Open(r.Events, r.Record.Facts())
	for _, s := range r.Stories {
		fmt.Fprintf(&text, "%s of %s\n", s.Property, explain.Name(s.Message))
		line := func(label, said string) {
			if said != "" {
				fmt.Fprintf(&text, "  %-7s %s\n", label, said)
			}
		}
		line("fault", s.Fault)
		for _, l := range s.Lines {
			i := slices.IndexFunc(c.Hops, func(h explain.Hop) bool { return h.Send == l.Event && h.Recv == explain.None })
			if l.Fault != "" && l.Fault == s.FaultID && i >= 0 {
				h := c.Hops[i]
				line("lost", fmt.Sprintf("%s %s→%s", map[bool]string{true: "answer", false: "request"}[h.Answer], h.From, h.To))
				break
			}
		}
		line("rule", s.Rule)
		line("remedy", s.Remedy)
		for _, f := range r.Record.Counterfactuals {
			if f.Property == s.Property {
				for _, without := range f.Without {
					line("without", without.Text)
				}
				for _, spare := range f.Spares {
					if slices.Contains(spare.Messages, explain.Name(s.Message)) {
						line("spares", spare.Text)
					}
				}
			}
		}
	}
	return text.String()
}

// storySeeds is how many generated scripts of each variant TestPropertyStories
// looks at.
func storySeeds() int {
	switch {
	case soak():
		return 1000
	case testing.Short():
		return 15
	}
	return 60
}

// TestPropertyStories: the message that a story tells of is one that the
// verdict names, and without the fault that it names, and all else as it was,
// nothing happens to that message.
func TestPropertyStories(t *testing.T) { testStories(t, systems.All()) }

func testStories(t *testing.T, labs lab.Registry) {
	eachVariant(t, labs, virtual.New(), func(t *testing.T, e explore.Explorer) {
		if len(e.Variant.Breaks) == 0 {
			t.Skip("nothing is known to break it")
		}
		told, agreed := 0, 0
		for i := range storySeeds() {
			script := e.Script(explore.Seed(lab.Draw(uint64(i), "story")), explore.Options{Faults: 2, Least: 1})
			script.Expects = []scenarios.Expect{{Variant: e.Variant.Name, Violates: true, Properties: e.Variant.Breaks, Count: -1}}
			spec := world.Spec{System: e.System, Variant: e.Variant, Scenario: script, Seed: e.Seed, Explored: true}
			r := explained(e, spec)
			c := explain.Open(r.Events, r.Record.Facts())
			for _, s := range r.Stories {
				if s.Outcome != check.Violated {
					continue
				}
				verdict := verdictOn(r.Result, s.Property)
				require.Contains(t, verdict.Messages, s.Message)
				if i := slices.IndexFunc(r.Record.Counterfactuals, func(f explain.Counterfactual) bool { return f.Property == s.Property }); i >= 0 {
					require.False(t, len(r.Record.Counterfactuals[i].Without) > 0 && s.Fault == "", "%s\nno fault is named", scenarios.Print(script))
				}
				if s.Fault == "" || r.Outcome == check.Unknown {
					continue
				}
				told++
				rest := *script
				rest.Steps = slices.Clone(script.Steps)
				rest.Steps = slices.DeleteFunc(rest.Steps, func(step scenarios.Step) bool {
					return slices.ContainsFunc(r.Record.Faults, func(f world.FaultReport) bool {
						return f.Line == step.Pos.Line && slices.Contains(f.Uses, s.FaultID)
					})
				})
				require.Len(t, rest.Steps, len(script.Steps)-1)
				if proven(s) {
					names := named(e.Run(&rest), s.Property)
					require.NotContains(t, names, explain.Name(s.Message), "%s\nwithout %s", scenarios.Print(script), s.Fault)
				}
				if c.Violation(verdict, nil).FaultID == s.FaultID {
					agreed++
				}
			}
		}
		t.Logf("%d violations told; the history alone named the fault that reruns proved in %d", told, agreed)
	})
}

func verdictOn(r world.Result, property string) check.Verdict {
	i := slices.IndexFunc(r.Verdicts, func(v check.Verdict) bool { return v.Property == property })
	return r.Verdicts[i]
}

func named(r world.Result, property string) []string {
	var names []string
	for _, m := range verdictOn(r, property).Messages {
		names = append(names, explain.Name(m))
	}
	return names
}

// proven reports whether reruns have shown that the fault which a story names
// matters. Two faults may each suffice: then none does.
func proven(s explain.Story) bool { return strings.HasPrefix(s.Proof, "Without ") }
