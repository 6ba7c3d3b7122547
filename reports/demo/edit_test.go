package demo

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/world"
	"faultlab/systems"
)

const lesson = `# The story.
system   sensor
workload readings=100 every=10ms  # as in class

when collector stores #17  reset_peer forwarder->collector downstream for 20ms  # the ACK
at 900ms                   kill collector for 200ms

expect hardened holds no-loss
`

func at(µs int64) *int64 { return &µs }

func table() *server {
	labs := systems.All()
	return &server{Worlds: Worlds{Labs: labs, Words: world.Vocabulary(labs)}}
}

// An edit changes its own line and leaves the others as they were.
func TestEdit(t *testing.T) {
	for name, test := range map[string]struct {
		edit      edit
		gone, new string // lines
	}{
		"move": {
			edit{Step: 1, At: at(850_000)},
			"at 900ms                   kill collector for 200ms", "at 850ms                   kill collector for 200ms",
		},
		"before the beginning": {
			edit{Step: 1, At: at(-7)},
			"at 900ms                   kill collector for 200ms", "at 0s                      kill collector for 200ms",
		},
		"stretch": {
			edit{Step: 1, For: at(1_500_000)},
			"at 900ms                   kill collector for 200ms", "at 900ms                   kill collector for 1.5s",
		},
		"until the end": {
			edit{Step: 1, For: at(0)},
			"at 900ms                   kill collector for 200ms", "at 900ms                   kill collector",
		},
		"stretch a trigger": {
			edit{Step: 0, For: at(30_000)},
			"when collector stores #17  reset_peer forwarder->collector downstream for 20ms  # the ACK",
			"when collector stores #17  reset_peer forwarder->collector downstream for 30ms  # the ACK",
		},
		"remove": {
			edit{Step: 1, Remove: true}, "at 900ms                   kill collector for 200ms", "",
		},
		"add": {
			edit{Add: "at 5ms pause collector for 7ms"}, "", "at 5ms                     pause collector for 7ms",
		},
		"set": {
			edit{Set: map[string]string{"readings": "50"}},
			"workload readings=100 every=10ms  # as in class", "workload readings=50 every=10ms  # as in class",
		},
		"set to the default": {
			edit{Set: map[string]string{"every": ""}},
			"workload readings=100 every=10ms  # as in class", "workload readings=100  # as in class",
		},
		"set another": {
			edit{Set: map[string]string{"poll": "50ms"}},
			"workload readings=100 every=10ms  # as in class", "workload readings=100 every=10ms poll=50ms  # as in class",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := table().prepare(request{script: script{"lesson", lesson}, Edit: &test.edit})
			require.NoError(t, err)
			want := lesson
			switch {
			case test.gone == "":
				want = strings.Replace(want, "\n\nexpect", "\n"+test.new+"\n\nexpect", 1)
			case test.new == "":
				want = strings.Replace(want, test.gone+"\n", "", 1)
			default:
				want = strings.Replace(want, test.gone, test.new, 1)
			}
			require.Equal(t, want, string(p.text))
		})
	}
}

// A fault that waited for an event goes by the clock once it is moved, and
// keeps what was said about it.
func TestMoveOfATrigger(t *testing.T) {
	p, err := table().prepare(request{script: script{"lesson", lesson}, Edit: &edit{Step: 0, At: at(183_250)}})
	require.NoError(t, err)
	require.Contains(t, string(p.text), "at 183.25ms  reset_peer forwarder->collector downstream for 20ms  # the ACK\n")
	require.NotContains(t, string(p.text), "when")
	require.Equal(t, 5, p.Steps[0].Pos.Line)
}

func TestEditsThatCannotBe(t *testing.T) {
	for name, e := range map[string]edit{
		"no such fault":      {Step: 2, At: at(1)},
		"a negative one":     {Step: -1, Remove: true},
		"later than ever":    {Step: 1, At: at(1 << 50)},
		"a line that is not": {Add: "at 5ms kick collector"},
		"two lines in one":   {Add: "system bank\nsystem sensor"},
		"no such parameter":  {Set: map[string]string{"redings": "5"}},
		"too many":           {Set: map[string]string{"readings": "-5"}},
		"words in a value":   {Set: map[string]string{"readings": "5\nsystem bank"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := table().prepare(request{script: script{"lesson", lesson}, Edit: &e})
			require.Error(t, err)
			require.NotEmpty(t, mistakes(err)[0].Text)
		})
	}
}
