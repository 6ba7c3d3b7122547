package bank

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// TestLiveKills kills the real bank again and again in the middle of a customer's
// streams: when an amount has come, and when it is in the ledger and not
// acknowledged. Every sum is right, and no amount counts twice.
func TestLiveKills(t *testing.T) {
	const kills = 20
	var moments []string
	for i := range kills / 2 {
		moments = append(moments, fmt.Sprintf("bank receives #%d", 30*i+8), fmt.Sprintf("bank stores #%d", 15*i+10))
	}
	result := worldtest.Kills(t, System(), hardened(), "call=perform calls=40 items=8 every=1ms deadline=200ms", moments)

	hits := labtest.KilledAfter(result.Events, bank)
	t.Logf("the bank died after %v", hits)
	require.NotZero(t, hits[history.Recv], "kills between an amount's arrival and its entry")
	require.NotZero(t, hits[history.Store], "kills between the entry and its acknowledgement")
}
