package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestAgreement(t *testing.T) {
	const talk = `
		1 anna invoke a/1 detail=to_bert,carl
		2 anna invoke a/2 detail=to_bert,carl
		3 pub  invoke p/1 detail=to_anna,bert,carl
		4 bert invoke b/1 detail=to_carl`
	judge(t, check.Agreement, []judgement{
		{
			name: "alike, with others in between",
			history: talk + `
				9 bert final a/1
				9 bert final b/1
				9 bert final p/1
				9 bert final a/2
				9 carl final a/1
				9 carl final p/1
				9 carl final a/2
				9 carl final value=torn
				9 carl final b/1
				9 anna final p/1`,
			want: check.Holds, why: "each of 3 pairs of logs has the same messages in the same order",
		},
		{
			name: "alike, with a gap that both have",
			history: talk + `
				9 bert final a/2
				9 carl final a/2`,
			want: check.Holds, why: "each of 1 pair of logs has the same messages in the same order",
		},
		{
			name: "a gap",
			history: talk + `
				9 bert final a/1
				9 bert final a/2
				9 carl final a/2`,
			want: check.Violated, count: 1, why: "bert and carl differ: the log of bert has a/1 where the log of carl has a/2",
		},
		{
			name: "another order",
			history: talk + `
				9 carl final a/2
				9 carl final a/1
				9 bert final a/1
				9 bert final a/2`,
			want: check.Violated, count: 1, why: "bert and carl differ: the log of bert has a/1 where the log of carl has a/2",
		},
		{
			name: "the last is missing in the first",
			history: talk + `
				9 bert final a/1
				9 carl final a/1
				9 carl final a/2`,
			want: check.Violated, count: 1, why: "bert and carl differ: the log of carl has a/2 where the log of bert has no more",
		},
		{
			name: "the last is missing in the second",
			history: talk + `
				9 bert final a/1
				9 bert final a/2
				9 carl final a/1`,
			want: check.Violated, count: 1, why: "bert and carl differ: the log of bert has a/2 where the log of carl has no more",
		},
		{
			name: "a copy",
			history: talk + `
				9 bert final a/1
				9 bert final a/1
				9 carl final a/1`,
			want: check.Violated, count: 1, why: "bert and carl differ: the log of bert has a/1 where the log of carl has no more",
		},
		{
			name: "a log without entries is a log",
			history: talk + `
				9 bert final p/1
				9 carl final p/1`,
			want: check.Violated, count: 2, why: "2 pairs of logs differ: bert and anna, carl and anna",
		},
		{
			name: "what is addressed to one of them only",
			history: talk + `
				9 carl final b/1
				9 anna final a/1`,
			want: check.Unknown, why: "no two logs have messages that are addressed to both",
		},
		{
			name: "one log",
			history: `
				1 anna invoke a/1
				9 -    final  a/1`,
			want: check.Unknown, why: "no two logs have messages that are addressed to both",
		},
	})
}
