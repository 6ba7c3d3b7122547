package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
)

func TestLive(t *testing.T) {
	const probe = `
		100 -    heal   op=all
		101 anna invoke x/9
		102 anna ok     x/9`
	judge(t, check.Live, []judgement{
		{
			name: "in time, whatever the outcome",
			history: `
				1  anna invoke x/1
				11 anna ok     x/1
				12 anna invoke x/2
				13 anna info   x/2
				14 anna invoke x/3
				15 anna fail   x/3` + probe,
			want: check.Holds, why: "all of 4 operations completed within 10 ms, and the probes succeeded",
		},
		{
			name: "past the bound",
			history: `
				1  anna invoke x/1
				12 anna ok     x/1` + probe,
			want: check.Violated, count: 1, why: "x/1 completed 11 ms after its invoke; the bound is 10 ms",
		},
		{
			name:    "never",
			history: `1 anna invoke x/1` + probe,
			want:    check.Violated, count: 1, why: "x/1 had not completed 101 ms after its invoke; the bound is 10 ms",
		},
		{
			name: "its node was paused",
			history: `
				1  anna invoke x/1
				5  anna pause
				50 anna resume
				55 anna ok     x/1` + probe,
			want: check.Holds, why: "all of 2 operations completed within 10 ms, and the probes succeeded",
		},
		{
			name: "its node was paused again and again",
			history: `
				1  anna pause
				2  anna resume
				3  anna invoke x/1
				4  anna pause
				20 anna resume
				21 anna pause
				40 anna resume
				41 anna pause
				60 anna resume
				65 anna ok     x/1
				66 anna invoke x/2
				67 anna pause
				80 anna resume
				91 anna ok     x/2` + probe,
			want: check.Violated, count: 1, why: "x/2 completed 12 ms after its invoke; the bound is 10 ms",
		},
		{
			name: "a new life is not paused",
			history: `
				1  anna pause
				2  anna kill
				3  anna start
				4  anna invoke x/1
				15 anna ok     x/1` + probe,
			want: check.Violated, count: 1, why: "x/1 completed 11 ms after its invoke; the bound is 10 ms",
		},
		{
			name: "another node was paused",
			history: `
				1  anna invoke x/1
				5  shop pause
				50 shop resume
				55 anna ok     x/1` + probe,
			want: check.Violated, count: 1, why: "x/1 completed 54 ms after its invoke; the bound is 10 ms",
		},
		{
			name: "a pause that ends does not revive the dead",
			history: `
				1  anna invoke x/1
				2  anna pause
				3  anna kill
				4  anna resume
				50 anna start
				58 anna info   x/1` + probe,
			want: check.Holds, why: "all of 2 operations completed within 10 ms, and the probes succeeded",
		},
		{
			name: "its node was killed",
			history: `
				1 anna invoke x/1
				2 anna kill
				3 anna start
				4 anna invoke x/2
				5 anna stop
				6 anna start` + probe,
			want: check.Holds, why: "all of 3 operations completed within 10 ms, and the probes succeeded",
		},
		{
			name: "its node was killed too late to blame that",
			history: `
				1  anna invoke x/1
				20 anna kill
				21 anna start` + probe,
			want: check.Violated, count: 1, why: "x/1 had not completed 19 ms after its invoke; the bound is 10 ms",
		},
		{
			name: "its node gave up by itself",
			history: `
				1  anna invoke x/1
				2  anna exit
				99 anna start` + probe,
			want: check.Violated, count: 1, why: "x/1 had not completed 101 ms after its invoke; the bound is 10 ms",
		},
		{
			name: "the probe failed",
			history: `
				1   anna invoke x/1
				2   anna ok     x/1
				100 -    heal   op=all
				101 anna invoke x/9
				102 anna info   x/9 detail=EOF`,
			want: check.Violated, count: 1, why: "x/9 is the probe after the last heal and completed as info: EOF",
		},
		{
			name: "the probe hangs, and the history ends before its time is up",
			history: `
				100 -    heal   op=all
				101 anna invoke x/9
				102 -    print`,
			want: check.Violated, count: 1, why: "x/9 is the probe after the last heal and never completed",
		},
		{
			name: "the probe is owed and missing",
			history: `
				1 anna invoke x/1` + "\n2 anna ok x/1" + probe,
			owed: true,
			want: check.Violated, count: 1, why: "x/9 is the probe after the last heal and is not in the log",
		},
		{
			name:    "the probe is owed and there",
			history: probe + "\n103 - final x/9",
			owed:    true,
			want:    check.Holds, why: "all of 1 operation completed within 10 ms, and the probes succeeded",
		},
		{
			name: "the probe is owed to two, and one of them has it",
			history: `
				100 -    heal   op=all
				101 anna invoke x/9 detail=to_bert,carl
				102 anna ok     x/9
				103 bert final  x/9`,
			owed: true,
			want: check.Violated, count: 1, why: "x/9 is the probe after the last heal and is not in the log of carl",
		},
		{
			name: "the probe is a read, and owes the log nothing",
			history: `
				100 -    heal   op=all
				101 anna invoke x/9 op=get
				102 anna ok     x/9`,
			owed: true,
			want: check.Holds, why: "all of 1 operation completed within 10 ms, and the probes succeeded",
		},
		{
			name: "two are stuck",
			history: `
				1 anna invoke x/1
				1 anna invoke x/2` + probe,
			want: check.Violated, count: 2, why: "2 operations are stuck: x/1, x/2",
		},
		{
			name: "no last heal",
			history: `
				1 anna invoke x/1
				2 anna ok     x/1
				3 -    heal   op=kill id=1`,
			want: check.Unknown, why: "the history has no last heal, hence no probe",
		},
		{
			name: "a client that came back to no probe",
			history: `
				1 bert invoke y/1
				2 bert ok     y/1
				3 bert exit` + probe,
			want: check.Unknown, why: "no probe after the last heal came from bert",
		},
		{
			name: "the history ends too early",
			history: `
				95  anna invoke x/1
				100 -    heal   op=all
				101 anna invoke x/9
				102 anna ok     x/9`,
			want: check.Unknown, why: "the history ends before the time of x/1 is up",
		},
		{name: "nothing invoked", history: `100 - heal op=all`, want: check.Unknown, why: "the workload sent nothing"},
	})
}

func TestNoBound(t *testing.T) {
	events := parse(t, "1 anna invoke x/1\n2 anna ok x/1\n3 - heal op=all\n4 anna invoke x/2\n5 anna ok x/2")
	for _, property := range []string{check.Live, check.Isolated} {
		c, _ := check.Lookup(property)
		v := c.Judge(check.New(events, check.Facts{}))
		require.Equal(t, check.Unknown, v.Outcome)
		require.Equal(t, "the lab states no bound", v.Why)
	}
}
