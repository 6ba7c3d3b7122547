package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestFIFO(t *testing.T) {
	const invokes = `
		1 anna invoke x/1
		2 anna invoke x/2
		3 bert invoke y/1
		4 anna invoke x/3`
	judge(t, check.FIFO, []judgement{
		{
			name: "gaps and other sources are no inversion",
			history: invokes + `
				9 - final y/1
				9 - final x/1
				9 - final x/3`,
			want: check.Holds, why: "the messages of 2 sources stand in the order of their invokes",
		},
		{
			name: "a late copy is no inversion",
			history: invokes + `
				9 - final x/1
				9 - final x/2
				9 - final x/1
				9 - final x/3`,
			want: check.Holds, why: "the messages of 1 source stand in the order of their invokes",
		},
		{
			name: "one was overtaken",
			history: invokes + `
				9 - final x/2
				9 - final x/1
				9 - final x/3`,
			want: check.Violated, count: 1, why: "x/1 stands behind x/2 in the log, and was invoked earlier",
		},
		{
			name: "the late ones count, not the early one",
			history: invokes + `
				9 - final x/3
				9 - final x/1
				9 - final x/2`,
			want: check.Violated, count: 2, why: "2 messages stand behind a later one of their source: x/1, x/2",
		},
		{
			name: "a restart does not begin a new order",
			history: `
				1 anna invoke x/1
				2 anna kill
				3 anna start
				4 anna invoke x/2
				9 -    final  x/2
				9 -    final  x/1`,
			want: check.Violated, count: 1, why: "x/1 stands behind x/2 in the log, and was invoked earlier",
		},
		{
			name: "of messages alike the earlier one stands first",
			history: `
				1 anna invoke x/1 value=p
				2 anna info   x/1
				3 anna invoke x/2 value=p
				4 anna ok     x/2
				5 anna invoke x/3 value=p
				6 anna fail   x/3
				9 -    final  source=x value=p
				9 -    final  source=x value=p`,
			want: check.Holds, why: "the messages of 1 source stand in the order of their invokes",
		},
		{
			name: "one of each source",
			history: invokes + `
				9 - final x/2
				9 - final y/1
				9 - final x/2`,
			want: check.Unknown, why: "no log has two messages of one source",
		},
		{
			name: "each log has an order of its own",
			history: invokes + `
				9 bert final x/2
				9 carl final x/1
				9 bert final x/3
				9 carl final x/2`,
			want: check.Holds, why: "the messages of 1 source stand in the order of their invokes",
		},
		{
			name: "late in two logs is late once",
			history: invokes + `
				9 bert final x/2
				9 bert final x/1
				9 carl final x/3
				9 carl final x/1`,
			want: check.Violated, count: 1, why: "x/1 stands behind x/2 in the log of bert, and was invoked earlier",
		},
		{
			name: "who waits: the acknowledged one comes first", waits: true,
			history: `
				1 anna invoke x/1
				2 anna ok     x/1
				3 anna invoke x/2
				9 -    final  x/2
				9 -    final  x/1`,
			want: check.Violated, count: 1, why: "x/1 stands behind x/2 in the log, and was invoked earlier",
		},
		{
			name: "who does not wait is promised nothing, and an unknown outcome orders nothing", waits: true,
			history: `
				1 anna invoke x/1
				2 anna invoke x/2
				3 anna ok     x/1
				4 anna info   x/2
				5 anna invoke x/3
				6 anna ok     x/3
				9 -    final  x/3
				9 -    final  x/2
				9 -    final  x/1`,
			want: check.Violated, count: 1, why: "x/1 stands behind x/3 in the log, and was invoked earlier",
		},
		{
			name: "late behind one that is not the last before it", waits: true,
			history: `
				1 anna invoke x/1
				2 anna ok     x/1
				3 anna invoke x/2
				4 anna invoke x/3
				5 anna ok     x/3
				9 -    final  x/3
				9 -    final  x/2
				9 -    final  x/1`,
			want: check.Violated, count: 1, why: "x/1 stands behind x/3 in the log, and was invoked earlier",
		},
		{
			name: "in order for who waits", waits: true,
			history: `
				1 anna invoke x/1
				2 anna ok     x/1
				3 anna invoke x/2
				4 anna info   x/2
				9 -    final  x/1
				9 -    final  x/2`,
			want: check.Holds, why: "the messages of 1 source stand in the order of their invokes",
		},
		{
			name: "nobody waited", waits: true,
			history: invokes + `
				9 - final x/1
				9 - final x/2`,
			want: check.Unknown, why: "no log has two messages of one source of which one was acknowledged before the other was invoked",
		},
		{name: "an empty log", history: invokes, want: check.Unknown, why: "no log has two messages of one source"},
	})
}
