package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestAtomic(t *testing.T) {
	const batches = `
		1 anna invoke x/1 detail=batch_1
		1 anna invoke x/2 detail=batch_1
		1 anna invoke x/3 detail=batch_1
		2 anna invoke x/4 detail=batch_2
		2 anna invoke x/5 detail=batch_2;_want_p
		3 bert invoke y/1 detail=batch_1`
	judge(t, check.Atomic, []judgement{
		{
			name: "one wholly, the other not at all, whatever was answered",
			history: batches + `
				4 anna ok    x/4
				4 anna info  x/1
				9 -    final x/3
				9 -    final x/1
				9 -    final x/2`,
			want: check.Holds, why: "each of 2 batches is in the log wholly or not at all",
		},
		{
			name: "a part",
			history: batches + `
				9 - final x/1
				9 - final x/2`,
			want: check.Violated, count: 1,
			why: "batch 1 of x is there with 2 of its 3 operations: x/1 is, x/3 is not in the log",
		},
		{
			name: "two in part",
			history: batches + `
				9 - final x/5
				9 - final x/1
				9 - final x/2`,
			want: check.Violated, count: 2, why: "2 batches are there in part: batch 1 of x, batch 2 of x",
		},
		{
			name: "another's batch of that name is another batch",
			history: batches + `
				9 - final y/1`,
			want: check.Holds, why: "each of 2 batches is in the log wholly or not at all",
		},
		{
			name: "missing from one log",
			history: `
				1 anna invoke x/1 detail=to_bert,carl;_batch_1
				1 anna invoke x/2 detail=to_bert,carl;_batch_1
				9 bert final  x/1
				9 bert final  x/2
				9 carl final  x/1`,
			want: check.Violated, count: 1,
			why: "batch 1 of x is there with 1 of its 2 operations: x/1 is, x/2 is not in the log of carl",
		},
		{
			name: "what was deleted does not count",
			history: `
				1 anna invoke x/1 op=create id=4 detail=batch_1
				1 anna invoke x/2 op=create id=5 detail=batch_1
				1 anna invoke x/3 op=create id=6 detail=batch_1
				2 bert invoke y/1 op=delete id=4
				9 -    final  x/2
				9 -    final  x/3`,
			want: check.Holds, why: "each of 1 batch is in the log wholly or not at all",
		},
		{
			name: "no batch of two",
			history: `
				1 anna invoke x/1 detail=batch_1
				1 anna invoke x/2 detail=batch_2
				1 anna invoke x/3 detail=batch_2 op=get
				1 anna invoke x/4
				1 anna invoke x/5
				9 -    final  x/1`,
			want: check.Unknown, why: "no batch has two operations that must be in the log",
		},
	})
}
