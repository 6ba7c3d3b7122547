package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestNoDuplicates(t *testing.T) {
	const invokes = `
		1 anna invoke x/1 id=7 value=p
		2 anna ok     x/1
		3 anna invoke x/2 id=8 value=q
		4 anna ok     x/2`
	judge(t, check.NoDuplicates, []judgement{
		{
			name: "once each",
			history: invokes + `
				9 - final x/1 value=p
				9 - final x/2 value=q`,
			want: check.Holds, why: "each of 2 messages stands once in the log",
		},
		{
			name: "one message three times is one",
			history: invokes + `
				9 - final x/1 value=p
				9 - final x/2 value=q
				9 - final x/1 value=p
				9 - final x/1 value=p`,
			want: check.Violated, count: 1, why: "x/1 stands 3 times in the log",
		},
		{
			name: "known by their values",
			history: invokes + `
				9 - final source=x value=p
				9 - final source=x value=p
				9 - final source=x value=q
				9 - final source=x value=q`,
			want: check.Violated, count: 2, why: "2 messages stand more than once in one log: x/1, x/2",
		},
		{
			name: "a damaged copy is a copy",
			history: invokes + `
				9 - final source=x id=7 value=p
				9 - final source=x id=7 value=torn`,
			want: check.Violated, count: 1, why: "x/1 stands 2 times in the log",
		},
		{
			name: "two messages alike are two",
			history: invokes + `
				5 anna invoke x/3 id=7 value=p
				9 -    final  source=x id=7 value=p
				9 -    final  source=x id=7 value=p`,
			want: check.Holds, why: "each of 2 messages stands once in the log",
		},
		{
			name: "two messages alike, three entries",
			history: invokes + `
				5 anna invoke x/3 id=7 value=p
				9 -    final  source=x id=7 value=p
				9 -    final  source=x id=7 value=p
				9 -    final  source=x id=7 value=p`,
			want: check.Violated, count: 1, why: "x/1 stands 2 times in the log",
		},
		{
			// The clock was set back: both have the stamp 7.
			name: "a copy is not taken for another message of the same id",
			history: invokes + `
				5 anna invoke x/3 id=7 value=r
				9 -    final  source=x id=7 value=p
				9 -    final  source=x id=7 value=p`,
			want: check.Violated, count: 1, why: "x/1 stands 2 times in the log",
		},
		{
			name: "the id was the server's",
			history: `
				1 anna invoke x/1 value=p
				2 anna ok     x/1 id=4
				3 anna invoke x/2 value=p
				4 anna ok     x/2 id=5
				9 -    final  source=x id=5 value=p
				9 -    final  source=x id=5 value=p
				9 -    final  source=x id=4 value=p`,
			want: check.Violated, count: 1, why: "x/2 stands 2 times in the log",
		},
		{
			name: "another source's is another message",
			history: invokes + `
				9 - final source=x value=p
				9 - final source=y value=p`,
			want: check.Holds, why: "each of 1 message stands once in the log",
		},
		{
			name: "once in each of two logs",
			history: invokes + `
				9 anna final x/1 value=p
				9 bert final x/1 value=p`,
			want: check.Holds, why: "none of 1 message stands more than once in one log",
		},
		{
			name: "known by its value in either log",
			history: invokes + `
				9 anna final value=p
				9 bert final value=p
				9 bert final value=p
				9 carl final x/1
				9 carl final x/1
				9 carl final x/1`,
			want: check.Violated, count: 1, why: "x/1 stands 2 times in the log of bert, 3 times in the log of carl",
		},
		{name: "an empty log", history: invokes, want: check.Unknown, why: "no message is in the log"},
		{name: "phantoms only", history: invokes + "\n9 - final x/9\n9 - final x/9", want: check.Unknown, why: "no message is in the log"},
	})
}
