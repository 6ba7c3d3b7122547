package facade

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// The document shows the consoles of its two experiments; the original's read
// the same.
func TestConsolesOfTheExperiments(t *testing.T) {
	for _, test := range []struct {
		name, script string
		logging      []string
		facade       []string
	}{
		{
			"exactly once delivery", "workload messages=1 fixed_id=true\n",
			[]string{"Logging gRPC service running on port 50051", "[LOGGED] 123 -> client-1", "[DUPLICATE] 123", "[DUPLICATE] 123", "[DUPLICATE] 123", "[DUPLICATE] 123"},
			[]string{answered, answered, answered, answered, answered},
		},
		{
			"Retry", "workload messages=1\nwhen client starts  stop logging for 3s\n",
			[]string{"Logging gRPC service running on port 50051", "Logging gRPC service running on port 50051", "[LOGGED] ID -> client-1", "[LOGGED] ID -> client-2"},
			[]string{
				"gRPC POST: Спроба 1 не вдалася: nothing was sent: rpc error: code = Unavailable desc = connecting failed",
				"gRPC POST: Спроба 2 не вдалася: nothing was sent: rpc error: code = Unavailable desc = connecting failed",
				answered, answered,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := worldtest.Run(t, System(), original(), test.script)
			printed := map[string][]string{}
			for _, e := range labtest.Of(result.Events, history.Print) {
				printed[e.Node] = append(printed[e.Node], uuid.ReplaceAllString(e.Value, "ID"))
			}
			require.Equal(t, test.logging, printed[logging])
			require.Equal(t, test.facade, printed[facade])
		})
	}
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

const answered = "gRPC POST: Відповідь від logging-service: logged"
