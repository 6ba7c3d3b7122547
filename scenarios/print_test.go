package scenarios_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
)

func TestPrintIsCanonical(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{
			"columns and order",
			`expect original   violates no-duplicates
when collector stores #17 reset_peer forwarder->collector downstream
at 900ms kill collector for 200ms
at 60s hold forwarder->collector for 0.5s
seed 7
workload readings=100   every=10ms
system sensor
expect hardened holds no-loss
`,
			`system   sensor
workload readings=100 every=10ms
seed     7

when collector stores #17  reset_peer forwarder->collector downstream
at 900ms                   kill collector for 200ms
at 1m                      hold forwarder->collector for 500ms

expect original violates no-duplicates
expect hardened holds no-loss
`,
		},
		{
			"every comment stays",
			`
# Story.

#   Indented, second paragraph.
#
system sensor #the only one
# about the seed
seed 1

# before

# the step
at 1s kill collector # boom
# the verdict
expect original violates no-loss #
# last words
`,
			`# Story.
#
#   Indented, second paragraph.
#
system   sensor  # the only one
# about the seed
seed     1

# before
#
# the step
at 1s  kill collector  # boom

# the verdict
expect original violates no-loss

# last words
`,
		},
		{
			"what stands above the system line is the story",
			"# one\nseed 1\n# two\nsystem sensor\n",
			"# one\n# two\nsystem   sensor\nseed     1\n",
		},
		{
			"a long text does not push the others away",
			`system sensor
when collector decides "a rule that was applied with all of its operands" kill collector
when collector decides lost #1 +0s kill collector
when collector decides "\\ \"" +1s kill collector
at 1s kill sensor
`,
			`system   sensor

when collector decides "a rule that was applied with all of its operands"  kill collector
when collector decides "lost"       kill collector
when collector decides "\\ \"" +1s  kill collector
at 1s                               kill sensor
`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := scenarios.Print(parse(t, c.text))
			require.Equal(t, c.want, string(got))
			require.Equal(t, c.want, string(scenarios.Print(parse(t, string(got)))), "printing again changes it")
		})
	}
}

func TestFormatDuration(t *testing.T) {
	cases := map[time.Duration]string{
		0: "0s", time.Nanosecond: "1ns", 1500 * time.Microsecond: "1.5ms", 200 * time.Millisecond: "200ms",
		1500 * time.Millisecond: "1.5s", 10 * time.Second: "10s", time.Minute: "1m", 90 * time.Second: "1m30s",
		10 * time.Minute: "10m", time.Hour: "1h", 10 * time.Hour: "10h", time.Hour + time.Second: "1h0m1s", time.Hour + 20*time.Minute: "1h20m",
	}
	for d, want := range cases {
		require.Equal(t, want, scenarios.FormatDuration(d))
		back, err := time.ParseDuration(want)
		require.NoError(t, err)
		require.Equal(t, d, back)
	}
}
