package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestFailHonest(t *testing.T) {
	judge(t, check.FailHonest, []judgement{
		{
			name: "what failed is not there; what is unknown may be",
			history: `
				1 anna invoke x/1 value=p
				2 anna fail   x/1
				3 anna invoke x/2 value=q
				4 anna info   x/2
				9 -    final  x/2 value=q`,
			want: check.Holds, why: "none of 1 failed message is in the log",
		},
		{
			name: "failed, yet stored",
			history: `
				1 anna invoke x/1 value=p
				2 anna fail   x/1
				9 -    final  x/1 value=p`,
			want: check.Violated, count: 1, why: "x/1 was answered as failed and is in the log",
		},
		{
			name: "of messages alike it is the other one that is there",
			history: `
				1 anna invoke x/1 value=p
				2 anna fail   x/1
				3 anna invoke x/2 value=p
				4 anna ok     x/2
				9 -    final  value=p`,
			want: check.Holds, why: "none of 1 failed message is in the log",
		},
		{
			name: "two",
			history: `
				1 anna invoke x/1
				2 anna fail   x/1
				3 anna invoke x/2
				4 anna fail   x/2
				9 -    final  x/1
				9 -    final  x/2`,
			want: check.Violated, count: 2, why: "2 messages that were answered as failed are in the log: x/1, x/2",
		},
		{
			name: "a failed read has nothing to store",
			history: `
				1 anna invoke x/1 op=get value=p
				2 anna fail   x/1
				9 -    final  x/1 value=p`,
			want: check.Unknown, why: "nothing was answered as failed",
		},
		{name: "nothing failed", history: "1 anna invoke x/1\n2 anna info x/1\n9 - final x/1", want: check.Unknown, why: "nothing was answered as failed"},
	})
}
