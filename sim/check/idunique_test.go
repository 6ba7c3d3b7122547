package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestIDUnique(t *testing.T) {
	judge(t, check.IDUnique, []judgement{
		{
			name: "each its own",
			history: `
				1 anna invoke x/1 op=create
				2 anna ok     x/1 id=4
				3 anna invoke x/2 op=create
				4 anna ok     x/2 id=5
				9 -    final  id=4 value=p
				9 -    final  id=5 value=q`,
			want: check.Holds, why: "2 identifiers given and 2 in the log, each for one thing",
		},
		{
			name: "everybody is the fourth",
			history: `
				1 anna invoke x/1 op=create
				2 anna ok     x/1 id=4
				3 bert invoke y/1 op=create
				4 bert ok     y/1 id=4
				5 anna invoke x/2 op=create
				6 anna ok     x/2 id=4`,
			want: check.Violated, count: 2, why: "2 things have an identifier that another has: y/1, x/2",
		},
		{
			name: "given again after a delete",
			history: `
				1 anna invoke x/1 op=create
				2 anna ok     x/1 id=4
				3 anna invoke x/2 op=delete id=4
				4 anna ok     x/2 id=4
				5 anna invoke x/3 op=create
				6 anna ok     x/3 id=4`,
			want: check.Violated, count: 1, why: `x/3 was given the identifier "4", which x/1 has`,
		},
		{
			name: "two things in the log",
			history: `
				1 anna invoke x/1 op=create
				9 -    final  id=4 value=p
				9 -    final  id=4 value=p
				9 -    final  id=4 value=q`,
			want: check.Violated, count: 1, why: `entry 3 of the log is "q" and has the identifier "4", and so has "p"`,
		},
		{
			name: "an operation that is invoked again is the same",
			history: `
				1 anna invoke x/1 op=create
				2 anna ok     x/1 id=4
				3 anna invoke x/1 op=create
				4 anna ok     x/1 id=4`,
			want: check.Holds, why: "1 identifier given and 0 in the log, each for one thing",
		},
		{
			name: "two clients of one name are two",
			history: `
				1 anna invoke x/1 op=create
				2 anna ok     x/1 id=4
				3 bert invoke x/1 op=create
				4 bert ok     x/1 id=4`,
			want: check.Violated, count: 1, why: `x/1 was given the identifier "4", which x/1 has`,
		},
		{
			name: "reads, failures and keys of the client's own are not given",
			history: `
				1 anna invoke x/1 op=create
				2 anna ok     x/1 id=4
				3 anna invoke x/2 op=get
				4 anna ok     x/2 id=4
				5 anna invoke x/3 op=create
				6 anna fail   x/3 id=4
				7 anna invoke x/4 op=post id=4
				8 anna ok     x/4 id=4`,
			want: check.Holds, why: "1 identifier given and 0 in the log, each for one thing",
		},
		{
			name:    "nothing was given",
			history: "1 anna invoke x/1 op=create id=key\n2 anna ok x/1\n9 - final value=p",
			want:    check.Unknown, why: "nothing was given an identifier",
		},
	})
}
