package scenarios_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
)

func parse(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Parse("sensor/test", "test.scenario", []byte(text), vocabulary())
	require.NoError(t, err)
	return s
}

// step parses a script with one step, and gives that.
func step(t *testing.T, line string) scenarios.Step {
	t.Helper()
	s := parse(t, "system sensor\nworld virtual\n"+line+"\n")
	require.Len(t, s.Steps, 1)
	return s.Steps[0]
}

func TestParseReadsEveryLine(t *testing.T) {
	s := parse(t, `# The ACK is lost
# after the store.
system   sensor
workload readings=7 every=10ms
world    virtual
seed     18446744073709551615
settle   1.5s

at 900ms kill collector for 200ms
every 1s times 3 hold forwarder->collector
every 1m pause sensor for 1s

expect original violates no-duplicates count=2
expect hardened holds no-loss fifo
`)
	require.Equal(t, "sensor/test", s.Name)
	require.Equal(t, []string{"The ACK is lost", "after the store."}, s.Story)
	require.Equal(t, "sensor", s.System)
	require.Equal(t, "virtual", s.World)
	require.Equal(t, uint64(1<<64-1), *s.Seed)
	require.Equal(t, 1500*time.Millisecond, s.Settle)
	require.Equal(t, []scenarios.Assign{
		{Pos: scenarios.Pos{Line: 4, Col: 10}, Name: "readings", Value: "7"},
		{Pos: scenarios.Pos{Line: 4, Col: 21}, Name: "every", Value: "10ms"},
	}, s.Workload)
	require.Equal(t, 7, s.Params.Int("readings"))
	require.Equal(t, "drawn", s.Params.String("usage"), "what is not set has its default")

	require.Equal(t, 900*time.Millisecond, s.Steps[0].At)
	require.Equal(t, "collector", s.Steps[0].Fault.Node)
	require.Equal(t, 200*time.Millisecond, s.Steps[0].Fault.For)
	require.Equal(t, time.Second, s.Steps[1].Every)
	require.Equal(t, 3, s.Steps[1].Times)
	require.Equal(t, "forwarder->collector", s.Steps[1].Fault.Link)
	require.Equal(t, time.Minute, s.Steps[2].Every)
	require.Zero(t, s.Steps[2].Times)

	require.Equal(t, []scenarios.Expect{
		{Pos: scenarios.Pos{Line: 13, Col: 1}, Variant: "original", Violates: true, Properties: []string{"no-duplicates"}, Count: 2},
		{Pos: scenarios.Pos{Line: 14, Col: 1}, Variant: "hardened", Properties: []string{"no-loss", "fifo"}, Count: -1},
	}, s.Expects)
}

func TestDefaultsWithoutWorkloadLine(t *testing.T) {
	s := parse(t, "system sensor\n")
	require.Nil(t, s.Workload)
	require.Equal(t, 100, s.Params.Int("readings"))
	require.Nil(t, s.Seed)
	require.Empty(t, s.World)
}

func TestTriggers(t *testing.T) {
	cases := []struct {
		name, when string
		want       scenarios.Trigger
	}{
		{"plain", `collector stores`, scenarios.Trigger{Node: "collector", Verb: "stores", Count: 1}},
		{"count", `collector stores #17`, scenarios.Trigger{Node: "collector", Verb: "stores", Count: 17}},
		{"delay", `collector stores +50ms`, scenarios.Trigger{Node: "collector", Verb: "stores", Count: 1, After: 50 * time.Millisecond}},
		{"operation", `sensor sends paul/17`, scenarios.Trigger{Node: "sensor", Verb: "sends", Match: "paul/17", Count: 1}},
		{"bare word", `sensor sends paul #2`, scenarios.Trigger{Node: "sensor", Verb: "sends", Match: "paul", Count: 2}},
		{"bare word before the fault", `sensor sends paul`, scenarios.Trigger{Node: "sensor", Verb: "sends", Match: "paul", Count: 1}},
		{"quoted name of a fault", `collector decides "kill" #2 +1s`, scenarios.Trigger{Node: "collector", Verb: "decides", Match: "kill", Count: 2, After: time.Second}},
		{"quoted hash", `collector decides "a #3 \"b\" \\"`, scenarios.Trigger{Node: "collector", Verb: "decides", Match: `a #3 "b" \`, Count: 1}},
		{"delay before count", `collector starts +1s #2`, scenarios.Trigger{Node: "collector", Verb: "starts", Count: 2, After: time.Second}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := step(t, "when "+c.when+" kill collector for 1s  # 3 times")
			require.Equal(t, &c.want, got.When)
			require.Equal(t, "kill collector for 1s", got.Fault.String())
			require.Equal(t, "3 times", got.Note.Beside)
		})
	}
}

func TestFaults(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"node", "kill collector", "kill collector"},
		{"link, one way", "drop forwarder->collector downstream", "drop forwarder->collector downstream"},
		{"any order", "latency forwarder->collector for 1000ms jitter=5ms latency=1s upstream", "latency forwarder->collector upstream jitter=5ms latency=1s for 1s"},
		{"groups", "partition sensor forwarder|collector reset=true for 60s", "partition sensor forwarder | collector reset=true for 1m"},
		{"three groups", "partition sensor | forwarder | collector", "partition sensor | forwarder | collector"},
		{"negative offset", "skew collector offset=-500h", "skew collector offset=-500h"},
		{"virtual only", "powercut collector for 1s", "powercut collector for 1s"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, step(t, "at 0s "+c.text).Fault.String())
		})
	}
}

func TestFaultValuesAreTyped(t *testing.T) {
	f := step(t, "at 1s latency forwarder->collector latency=80ms").Fault
	require.Equal(t, 80*time.Millisecond, f.Values.Duration("latency"))
	require.Equal(t, time.Duration(0), f.Values.Duration("jitter"))
	require.Equal(t, [][]string{{"sensor", "forwarder"}, {"collector"}}, step(t, "at 1s partition sensor forwarder | collector").Fault.Groups)
}

func TestLineEndsOfWindowsAndTabs(t *testing.T) {
	unix := parse(t, "# story\nsystem sensor\nat 1s kill collector\n")
	require.Equal(t, unix, parse(t, "# story\r\nsystem\tsensor\r\nat 1s kill collector"))
}
