package check_test

import (
	"testing"

	"faultlab/sim/check"
)

// What was said to bert and carl, of whom carl tuned in late.
const broadcast = `
	1 anna invoke a/1 detail=to_bert,carl
	2 anna ok     a/1
	3 anna invoke a/2 detail=to_bert,carl
	4 anna ok     a/2
	5 anna invoke a/3 detail=to_bert,carl
	6 anna ok     a/3
	9 bert final  a/1
	9 bert final  a/2
	9 bert final  a/3`

func TestJoin(t *testing.T) {
	judge(t, check.Delivered, []judgement{
		{
			name: "nothing is owed before it",
			history: broadcast + `
				9 carl final op=join a/3
				9 carl final a/3`,
			want: check.Holds, why: "each of 3 messages is in the logs",
		},
		{
			name: "everything is owed behind it",
			history: broadcast + `
				9 carl final op=join a/2
				9 carl final a/2`,
			want: check.Violated, count: 1, why: "a/3 was invoked and is not in the log of carl",
		},
		{
			name:    "without one, everything is owed",
			history: broadcast + "\n9 carl final a/3",
			want:    check.Violated, count: 2, why: "2 invoked messages are missing from the logs: a/1, a/2",
		},
		{
			name: "it is to one source only",
			history: broadcast + `
				9 carl final op=join b/3
				9 carl final a/3`,
			want: check.Violated, count: 2, why: "2 invoked messages are missing from the logs: a/1, a/2",
		},
		{
			name: "the first counts",
			history: broadcast + `
				9 carl final op=join a/2
				9 carl final op=join a/4
				9 carl final a/3`,
			want: check.Violated, count: 1, why: "a/2 was invoked and is not in the log of carl",
		},
		{
			name: "everybody came later",
			history: `
				1 anna invoke a/1 detail=to_bert
				2 anna ok     a/1
				9 bert final  op=join a/2`,
			want: check.Unknown, why: "nothing was owed: what is to be in the log was deleted, or its client killed before the acknowledgement",
		},
	})
}

func TestJoinedLogsAgree(t *testing.T) {
	judge(t, check.Agreement, []judgement{
		{
			name: "from the later join on",
			history: broadcast + `
				9 carl final op=join a/3
				9 carl final a/3`,
			want: check.Holds, why: "each of 1 pair of logs has the same messages in the same order",
		},
		{
			name: "they differ behind it",
			history: broadcast + `
				9 carl final op=join a/2
				9 carl final a/3`,
			want: check.Violated, count: 1, why: "bert and carl differ: the log of bert has a/2 where the log of carl has a/3",
		},
		{
			name:    "one came when all was said",
			history: broadcast + "\n9 carl final op=join a/4",
			want:    check.Unknown, why: "no two logs have messages that are addressed to both",
		},
	})
}
