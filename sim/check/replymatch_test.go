package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestReplyMatch(t *testing.T) {
	judge(t, check.ReplyMatch, []judgement{
		{
			name: "the right answers, the empty one among them",
			history: `
				1 anna invoke x/1 detail=want_Hello,_Ann!
				2 anna ok     x/1 value=Hello,_Ann!
				3 anna invoke x/2 detail=want_
				4 anna ok     x/2`,
			want: check.Holds, why: "each of 2 answers is the right one",
		},
		{
			name: "an answer with everything in it",
			history: `
				1 anna invoke x/1 detail=to_bert;_batch_1;_want_p;_saw_q;_want_r
				2 anna ok     x/1 value=p;_saw_q;_want_r
				3 anna invoke x/2 detail=unwanted;_want
				4 anna ok     x/2 value=q`,
			want: check.Holds, why: "each of 1 answer is the right one",
		},
		{
			name: "the answer to the one before",
			history: `
				1 anna invoke x/1 detail=want_p
				2 anna info   x/1
				3 anna invoke x/2 detail=want_q
				4 anna ok     x/2 value=p`,
			want: check.Violated, count: 1, why: `x/2 took "p" for its answer; the right one is "q"`,
		},
		{
			name: "all shifted by one",
			history: `
				1 anna invoke x/1 detail=want_p
				2 anna ok     x/1 value=Welcome
				3 anna invoke x/2 detail=want_q
				4 anna ok     x/2 value=p`,
			want: check.Violated, count: 2, why: "2 operations took a wrong answer: x/1, x/2",
		},
		{
			name: "an operation that says nothing of its answer is not judged",
			history: `
				1 anna invoke x/1 detail=wanted
				2 anna ok     x/1 value=q
				3 anna invoke x/2 detail=want_p
				4 anna ok     x/2 value=p`,
			want: check.Holds, why: "each of 1 answer is the right one",
		},
		{
			name: "who gave up took no answer",
			history: `
				1 anna invoke x/1 detail=want_p
				2 anna info   x/1 value=q
				3 anna invoke x/2 detail=want_p
				4 anna fail   x/2 value=q`,
			want: check.Unknown, why: "no operation that has one right answer was answered",
		},
	})
}
