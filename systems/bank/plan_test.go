package bank

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

// Each amount is somebody's, and tells whose.
func TestAmountsTellWhoseTheyAre(t *testing.T) {
	p := params(t, map[string]string{"clients": "4", "call": "perform", "calls": "200", "items": "100"})
	seen := map[money]bool{}
	for i := range p.Int("clients") {
		client := lab.Numbered("client", i)
		for seq := int64(1); seq <= operations(p)+1; seq++ {
			amount := amountOf(client, seq)
			require.Positive(t, amount)
			require.LessOrEqual(t, amount, money(7000_00), "the document draws up to 7000")
			require.False(t, seen[amount], "%v is asked for twice", amount)
			seen[amount] = true
			source, n, ok := whose(p, amount)
			require.True(t, ok)
			require.Equal(t, itemKey(client, seq), itemKey(source, n))
		}
	}
	for _, nobodys := range []money{0, 1, 7000_00, amountOf("client", operations(p)+2), mostMoney} {
		_, _, ok := whose(p, nobodys)
		require.False(t, ok, "%v", nobodys)
	}
	_, _, ok := whose(params(t, nil), amountOf("client2", 1))
	require.False(t, ok, "there is one client only")
}

// The document's doubles give the right answers, as they are printed: what is
// wrong with an answer is nothing that rounding does.
func TestResultsAreExact(t *testing.T) {
	sum, doubles := money(0), 0.0
	for seq := int64(1); seq < 20000; seq++ {
		amount := amountOf("client3", seq)
		sum, doubles = sum+amount, doubles+amount.float()
		require.Equal(t, resultText(amount.float()*rate), amount.converted().String())
		require.Equal(t, resultText(amount.float()*fullRate), amount.fullConverted().String())
		require.Equal(t, resultText(doubles*rate), sum.converted().String())
	}
	require.Equal(t, "74100.00", money(6500_00).converted().String(), "the document's example")
}

func TestPlan(t *testing.T) {
	p := params(t, map[string]string{"calls": "5", "items": "2"})
	require.EqualValues(t, 8, operations(p))
	type place struct {
		op            string
		first, before int64
		last          bool
	}
	var places []place
	for seq := int64(1); seq <= operations(p)+1; seq++ {
		s := planned(p, "client", seq)
		require.Equal(t, seq, s.seq)
		places = append(places, place{s.op, s.first, s.before, s.last})
	}
	require.Equal(t, []place{
		{convert, 1, 0, true},
		{deposit, 2, 1, false},
		{deposit, 2, 2, false},
		{total, 2, 3, true},
		{get, 5, 4, true},
		{full, 6, 4, false}, // a quote leaves nothing in the ledger
		{full, 6, 6, true},
		{convert, 8, 7, true},
		{convert, 9, 8, true}, // the probe
	}, places)
	sum := planned(p, "client", 2).amount + planned(p, "client", 3).amount
	require.Equal(t, "batch 2; want "+sum.converted().String(), planned(p, "client", 4).invoke(p).Detail)
}
