package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestNoLoss(t *testing.T) {
	judge(t, check.NoLoss, []judgement{
		{
			name: "all there",
			history: `
				1 anna invoke x/1 value=p
				2 anna ok     x/1
				9 -    final  x/1 value=p`,
			want: check.Holds, why: "each of 1 acknowledged message is in the log",
		},
		{
			name: "acknowledged and gone",
			history: `
				1 anna invoke x/1 value=p
				2 anna ok     x/1
				3 anna invoke x/2 value=q
				4 anna ok     x/2
				9 -    final  x/2 value=q`,
			want: check.Violated, count: 1, why: "x/1 was acknowledged and is not in the log",
		},
		{
			name: "an empty log is a loss of everything",
			history: `
				1 anna invoke x/1 value=p
				2 anna ok     x/1
				3 anna invoke x/2 value=q
				4 anna ok     x/2`,
			want: check.Violated, count: 2, why: "2 acknowledged messages are missing from the log: x/1, x/2",
		},
		{
			name: "what was not acknowledged may be missing",
			history: `
				1 anna invoke x/1 value=p
				2 anna ok     x/1
				3 anna invoke x/2 value=q
				4 anna info   x/2
				5 anna invoke x/3 value=r
				6 anna fail   x/3
				7 anna invoke x/4 value=s
				9 -    final  x/1 value=p`,
			want: check.Holds, why: "each of 1 acknowledged message is in the log",
		},
		{
			name: "in each log that it is addressed to",
			history: `
				1 anna invoke x/1 detail=to_anna,bert
				2 anna ok     x/1
				3 anna invoke x/2 detail=to_bert
				4 anna ok     x/2
				5 anna invoke x/3
				6 anna ok     x/3
				9 anna final  x/1
				9 bert final  x/1
				9 bert final  x/2
				9 carl final  x/3`,
			want: check.Holds, why: "each of 3 acknowledged messages is in the logs",
		},
		{
			name: "missing from one log",
			history: `
				1 anna invoke x/1 detail=to_anna,bert,carl
				2 anna ok     x/1
				9 bert final  x/1`,
			want: check.Violated, count: 1, why: "x/1 was acknowledged and is not in the logs of anna, carl",
		},
		{
			name: "one's own line on one's own screen is no delivery",
			history: `
				1 anna invoke x/1 detail=to_bert
				2 anna ok     x/1
				9 anna final  x/1`,
			want: check.Violated, count: 1, why: "x/1 was acknowledged and is not in the log of bert",
		},
		{
			name: "of messages alike it is the one addressed to the log that is there",
			history: `
				1 anna invoke x/1 value=p detail=to_carl
				2 anna ok     x/1
				3 anna invoke x/2 value=p detail=to_bert
				4 anna info   x/2
				9 bert final  value=p
				9 carl final  value=p`,
			want: check.Holds, why: "each of 1 acknowledged message is in the logs",
		},
		{
			name: "nothing acknowledged",
			history: `
				1 anna invoke x/1 value=p
				2 anna info   x/1
				9 -    final  x/1 value=p`,
			want: check.Unknown, why: "nothing was acknowledged that must be in the log",
		},
		{
			name: "a read leaves nothing, and takes no entry from who does",
			history: `
				1 anna invoke x/1 op=get value=p
				2 anna ok     x/1
				3 anna invoke x/2 value=p
				4 anna ok     x/2
				9 -    final  value=p`,
			want: check.Holds, why: "each of 1 acknowledged message is in the log",
		},
		{
			name: "a delete takes away what was made, or may",
			history: `
				1 anna invoke x/1 op=create value=p
				2 anna ok     x/1 id=4
				3 anna invoke x/2 op=create value=q
				4 anna ok     x/2 id=5
				5 anna invoke x/3 op=create value=r
				6 anna ok     x/3 id=6
				7 anna invoke x/4 op=delete id=4
				8 anna ok     x/4
				8 anna invoke x/5 op=delete id=5
				9 anna info   x/5
				9 -    final  id=6 value=r`,
			want: check.Holds, why: "each of 1 acknowledged message is in the log",
		},
		{
			name: "a delete that failed, or was of something earlier, takes nothing away",
			history: `
				1 anna invoke x/1 op=delete id=4
				2 anna ok     x/1
				3 anna invoke x/2 op=create value=q
				4 anna ok     x/2 id=4
				5 anna invoke x/3 op=create value=r
				6 anna ok     x/3 id=5
				7 anna invoke x/4 op=delete id=5
				8 anna fail   x/4
				8 anna invoke x/5 op=delete
				9 anna ok     x/5`,
			want: check.Violated, count: 2, why: "2 acknowledged messages are missing from the log: x/2, x/3",
		},
		{
			name: "the server's identifier is known, not the client's key",
			history: `
				1 anna invoke x/1 op=create id=key-1 value=p
				2 anna ok     x/1 id=4
				3 anna invoke x/2 op=delete id=4
				4 anna ok     x/2
				5 anna invoke x/3 op=create id=key-2 value=p
				6 anna ok     x/3 id=5
				9 -    final  id=5 value=p`,
			want: check.Holds, why: "each of 1 acknowledged message is in the log",
		},
		{name: "nothing invoked", history: `9 - final x/1 value=p`, want: check.Unknown, why: "the workload sent nothing"},
		{
			// Two sensors are called x, and both number from 1.
			name: "an ok belongs to the node that invoked",
			history: `
				1 anna invoke x/1 value=p
				2 bert invoke x/1 value=q
				3 bert ok     x/1
				9 -    final  source=x value=p`,
			want: check.Violated, count: 1, why: "x/1 was acknowledged and is not in the log",
		},
		{
			name: "of messages alike the acknowledged one is there",
			history: `
				1 anna invoke x/1 value=p
				2 anna fail   x/1
				3 anna invoke x/2 value=p
				4 anna ok     x/2
				9 -    final  source=x value=p`,
			want: check.Holds, why: "each of 1 acknowledged message is in the log",
		},
		{
			name: "more than five are not all named",
			history: `
				1 anna invoke x/1
				1 anna ok     x/1
				1 anna invoke x/2
				1 anna ok     x/2
				1 anna invoke x/3
				1 anna ok     x/3
				1 anna invoke x/4
				1 anna ok     x/4
				1 anna invoke x/5
				1 anna ok     x/5
				1 anna invoke x/6
				1 anna ok     x/6`,
			want: check.Violated, count: 6,
			why: "6 acknowledged messages are missing from the log: x/1, x/2, x/3, x/4, x/5 …",
		},
	})
}
