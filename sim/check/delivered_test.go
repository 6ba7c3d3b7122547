package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestDelivered(t *testing.T) {
	judge(t, check.Delivered, []judgement{
		{
			name: "all there, acknowledged or not",
			history: `
				1 anna invoke x/1 value=p
				2 anna ok     x/1
				3 anna invoke x/2 value=q
				4 anna info   x/2
				9 -    final  x/1 value=p
				9 -    final  x/2 value=q`,
			want: check.Holds, why: "each of 2 messages is in the log",
		},
		{
			name: "an unknown outcome excuses nothing, nor does a failure",
			history: `
				1 anna invoke x/1 value=p
				2 anna info   x/1
				3 anna invoke x/2 value=q
				4 anna fail   x/2`,
			want: check.Violated, count: 2, why: "2 invoked messages are missing from the log: x/1, x/2",
		},
		{
			name: "killed before the ok",
			history: `
				1 anna invoke x/1 value=p
				2 anna kill
				3 anna start
				4 anna invoke x/2 value=q
				5 anna ok     x/2
				9 -    final  x/2 value=q`,
			want: check.Holds, why: "each of 1 message is in the log",
		},
		{
			name: "killed after the ok",
			history: `
				1 anna invoke x/1 value=p
				2 anna ok     x/1
				3 anna kill`,
			want: check.Violated, count: 1, why: "x/1 was invoked and is not in the log",
		},
		{
			name: "killed before the invoke",
			history: `
				1 anna kill
				2 anna start
				3 anna invoke x/1 value=p
				4 anna info   x/1`,
			want: check.Violated, count: 1, why: "x/1 was invoked and is not in the log",
		},
		{
			name: "somebody else was killed",
			history: `
				1 anna invoke x/1 value=p
				2 carl kill
				3 anna ok     x/1`,
			want: check.Violated, count: 1, why: "x/1 was invoked and is not in the log",
		},
		{
			name: "stopped, then its machine lost power",
			history: `
				1 anna invoke x/1 value=p
				2 anna stop
				3 carl fault  op=powercut id=1
				4 bert invoke y/1 value=q
				9 -    final  y/1 value=q`,
			want: check.Holds, why: "each of 1 message is in the log",
		},
		{
			name: "another machine lost power",
			history: `
				1 anna invoke x/1 value=p
				2 bert fault  op=powercut id=1`,
			want: check.Violated, count: 1, why: "x/1 was invoked and is not in the log",
		},
		{
			name: "stopped only",
			history: `
				1 anna invoke x/1 value=p
				2 anna stop`,
			want: check.Violated, count: 1, why: "x/1 was invoked and is not in the log",
		},
		{
			name: "nothing was owed",
			history: `
				1 anna invoke x/1 value=p
				2 anna kill`,
			want: check.Unknown, why: "nothing was owed: what is to be in the log was deleted, or its client killed before the acknowledgement",
		},
		{
			name: "reads and what was deleted are not owed",
			history: `
				1 anna invoke x/1 op=get    value=p
				2 anna info   x/1
				3 anna invoke x/2 op=create value=q
				4 anna ok     x/2 id=4
				5 anna invoke x/3 op=delete id=4
				6 anna info   x/3
				7 anna invoke x/4 value=r
				8 anna info   x/4`,
			want: check.Violated, count: 1, why: "x/4 was invoked and is not in the log",
		},
		{name: "nothing invoked", history: `1 anna start`, want: check.Unknown, why: "the workload sent nothing"},
	})
}
