package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestCausal(t *testing.T) {
	const talk = `
		1 anna invoke a/1 detail=to_bert,carl
		2 bert invoke b/1 detail=to_anna,carl;_saw_a/1`
	const idle = "no log has two messages of which one was known where the other was invoked"
	judge(t, check.Causal, []judgement{
		{
			name: "the answer stands behind what it answers",
			history: talk + `
				9 carl final a/1
				9 carl final b/1`,
			want: check.Holds, why: "each of 1 entry stands before those that were sent in knowledge of it",
		},
		{
			name: "the answer comes first",
			history: talk + `
				9 carl final b/1
				9 carl final a/1`,
			want: check.Violated, count: 1,
			why: "a/1 stands behind b/1 in the log of carl, and was seen at bert before that was invoked",
		},
		{
			name: "in two logs it is one message",
			history: talk + `
				9 carl final b/1
				9 carl final a/1
				9 anna final b/1
				9 anna final a/1`,
			want: check.Violated, count: 1,
			why: "a/1 stands behind b/1 in the log of carl, and was seen at bert before that was invoked",
		},
		{
			name: "two",
			history: talk + `
				3 anna invoke a/2 detail=saw_b/1
				9 carl final  a/2
				9 carl final  b/1
				9 carl final  a/1`,
			want: check.Violated, count: 2, why: "2 messages stand behind others that were sent in knowledge of them: b/1, a/1",
		},
		{
			name: "seen for an earlier one, and known ever after",
			history: talk + `
				3 bert kill
				4 bert start
				5 bert invoke b/2
				9 carl final  b/2
				9 carl final  a/1`,
			want: check.Violated, count: 1,
			why: "a/1 stands behind b/2 in the log of carl, and was seen at bert before that was invoked",
		},
		{
			name: "seen too late for this one",
			history: `
				1 anna invoke a/1
				2 bert invoke b/1
				3 bert invoke b/2 detail=saw_a/1
				9 carl final  b/1
				9 carl final  a/1
				9 carl final  b/2`,
			want: check.Holds, why: "each of 1 entry stands before those that were sent in knowledge of it",
		},
		{
			name: "one's own are known once they are acknowledged",
			history: `
				1 anna invoke a/1
				2 anna ok     a/1
				3 anna invoke a/2
				9 -    final  a/2
				9 -    final  a/1`,
			want: check.Violated, count: 1,
			why: "a/1 stands behind a/2 in the log, and was acknowledged at anna before that was invoked",
		},
		{
			name: "an unknown outcome orders nothing, nor does another's acknowledgement",
			history: `
				1 anna invoke a/1
				2 anna info   a/1
				3 carl invoke c/1
				4 carl ok     c/1
				5 anna invoke a/2
				9 -    final  a/2
				9 -    final  a/1
				9 -    final  c/1`,
			want: check.Unknown, why: idle,
		},
		{
			name: "a late copy is no inversion",
			history: talk + `
				9 carl final a/1
				9 carl final b/1
				9 carl final a/1`,
			want: check.Holds, why: "each of 1 entry stands before those that were sent in knowledge of it",
		},
		{
			name: "logs are not compared",
			history: talk + `
				9 carl final b/1
				9 anna final a/1`,
			want: check.Unknown, why: idle,
		},
		{
			name: "what was seen through a third is not held against anybody",
			history: talk + `
				3 carl invoke c/1 detail=saw_b/1
				9 pub  final  c/1
				9 pub  final  a/1
				9 anna final  b/1
				9 anna final  c/1`,
			want: check.Holds, why: "each of 1 entry stands before those that were sent in knowledge of it",
		},
		{
			name: "two go by the name that was seen",
			history: `
				1 anna invoke a/1
				2 carl invoke a/1
				3 bert invoke b/1 detail=saw_a/1
				9 pub  final  b/1
				9 pub  final  a/1
				9 pub  final  a/1`,
			want: check.Unknown, why: idle,
		},
		{
			name: "shown before it was said, and by nobody",
			history: `
				1 bert invoke b/1 detail=saw_a/1,z/9
				2 anna invoke a/1
				9 carl final  b/1
				9 carl final  a/1`,
			want: check.Unknown, why: idle,
		},
		{name: "an empty log", history: talk, want: check.Unknown, why: idle},
	})
}
