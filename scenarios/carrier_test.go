package scenarios_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/param"
)

// carriers is a vocabulary with a lab of two links, of which one carries
// streams and the other datagrams.
func carriers() scenarios.Vocabulary {
	voc := vocabulary()
	voc.Systems = []scenarios.SystemWords{{
		Name: "radio", Variants: []string{"original"},
		Topology: func(param.Values) (nodes, links []string) {
			return []string{"mast", "ear", "log"}, []string{"mast->ear", "ear->log"}
		},
		Packets: func(param.Values) []string { return []string{"mast->ear"} },
	}}
	for i := range voc.Faults {
		f := &voc.Faults[i]
		switch {
		case slices.Contains([]string{"loss", "duplicate", "reorder", "corrupt", "truncate"}, f.Name):
			f.Only = scenarios.Datagrams
		case slices.Contains([]string{"slicer", "slow_close", "timeout", "reset_peer", "limit_data"}, f.Name):
			f.Only = scenarios.Streams
		case f.Name == "bandwidth":
			f.Attrs = append(f.Attrs, param.Param{Name: "queue", Default: 100, Doc: "Says queue."})
			f.OnlyPackets = []string{"queue"}
		}
	}
	return voc
}

func TestAFaultFitsWhatItsLinkCarries(t *testing.T) {
	_, err := scenarios.Parse("", "x.scenario", []byte(`system radio

at 1s loss mast->ear
at 1s hold mast->ear
at 1s hold ear->log
at 1s slicer ear->log average_size=5
at 1s bandwidth mast->ear rate=5 queue=1000
at 1s partition mast ear | log
at 1s partition mast | ear log
`), carriers())
	require.NoError(t, err)

	_, err = scenarios.Parse("", "x.scenario", []byte(`system radio

at 1s slicer mast->ear average_size=5
when ear sends "x" +1ms loss ear->log for 1ms
at 1s bandwidth ear->log rate=5 queue=1000
at 1s loss nowhere
`), carriers())
	require.EqualError(t, err, `x.scenario:3:7: slicer acts on streams; mast->ear carries datagrams (bandwidth, blackhole, corrupt, down, drop, duplicate, hold, latency, loss, reorder, truncate)
x.scenario:4:25: loss acts on datagrams; ear->log carries streams (bandwidth, blackhole, down, drop, hold, latency, limit_data, reset_peer, slicer, slow_close, timeout)
x.scenario:5:33: queue acts on datagrams; ear->log carries streams
x.scenario:6:12: unknown link "nowhere"; this system has ear->log, mast->ear`)
}

func TestExamplesFitTheirLinks(t *testing.T) {
	text := string(scenarios.Reference(carriers()))
	require.Contains(t, text, "at 1s loss mast->ear for 500ms")
	require.Contains(t, text, "at 1s slicer ear->log average_size=10 for 500ms")
	require.Contains(t, text, "Only on links that carry datagrams.")
	require.Contains(t, text, "- Of these carry datagrams: `mast->ear`")
}
