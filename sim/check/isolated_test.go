package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestIsolated(t *testing.T) {
	const (
		fails = "\n5 anna invoke x/1\n6 anna info x/1 detail=EOF\n50 - print"
		// A fault is on somewhere while anna's operation fails.
		starved = "x/1 met no fault and completed as info: EOF"
		touched = "every operation met a fault or outlasted the history"
	)
	judge(t, check.Isolated, []judgement{
		{
			name: "no faults at all",
			history: `
				1 anna invoke x/1
				2 anna ok     x/1`,
			want: check.Holds, why: "all of 1 operation that met no fault succeeded, 0 of them while a fault was on elsewhere",
		},
		{
			name: "a fault elsewhere",
			history: `
				1 pub  fault  op=kill id=1
				2 anna invoke x/1
				3 anna ok     x/1
				4 bert invoke y/1
				5 bert info   y/1
				6 pub  heal   op=kill id=1
				7 bert invoke y/2
				8 bert ok     y/2`,
			want: check.Holds, why: "all of 2 operations that met no fault succeeded, 1 of them while a fault was on elsewhere",
		},
		{name: "fails without a fault", history: fails, want: check.Violated, count: 1, why: starved},
		{
			name:    "a failure counts as well",
			history: "1 anna invoke x/1\n2 anna fail x/1",
			want:    check.Violated, count: 1, why: "x/1 met no fault and completed as fail",
		},
		{
			name:    "hangs",
			history: "1 bert fault op=pause id=1\n2 anna invoke x/1\n13 anna ok x/1",
			want:    check.Violated, count: 1, why: "x/1 met no fault and had not completed within 10 ms",
		},
		{
			name:    "a fault after its time excuses nothing",
			history: "2 anna invoke x/1\n13 shop fault op=kill id=1\n13 shop kill\n14 anna info x/1",
			want:    check.Violated, count: 1, why: "x/1 met no fault and had not completed within 10 ms",
		},
		{
			name:    "two",
			history: "1 anna invoke x/1\n2 anna fail x/1\n3 anna invoke x/2\n4 anna fail x/2",
			want:    check.Violated, count: 2, why: "2 operations that met no fault did not succeed: x/1, x/2",
		},

		{name: "its link", history: "1 - fault op=down id=1 link=anna->shop" + fails, want: check.Unknown, why: touched},
		{name: "a link further on", history: "1 - fault op=down id=1 link=shop->bank" + fails, want: check.Unknown, why: touched},
		{name: "another's link", history: "1 - fault op=down id=1 link=bert->pub" + fails, want: check.Violated, count: 1, why: starved},
		{name: "a node further on", history: "1 bank fault op=overload id=1" + fails, want: check.Unknown, why: touched},
		{name: "a dead node further on", history: "1 bank kill" + fails, want: check.Unknown, why: touched},
		{name: "a paused node further on", history: "1 bank pause" + fails, want: check.Unknown, why: touched},
		{name: "a node further on that is back", history: "1 bank kill\n4 bank start" + fails, want: check.Violated, count: 1, why: starved},
		{name: "the disk of its machine", history: "1 carl fault op=enospc id=1" + fails, want: check.Unknown, why: touched},
		{name: "a process on its machine", history: "1 carl fault op=kill id=1\n1 carl kill" + fails, want: check.Violated, count: 1, why: starved},
		{name: "a fault that names no target", history: "1 - fault op=partition id=1" + fails, want: check.Unknown, why: touched},

		{name: "healed", history: "1 - fault op=down id=1 link=anna->shop\n2 - heal op=down id=1" + fails, want: check.Violated, count: 1, why: starved},
		{name: "another was healed", history: "1 - fault op=down id=1 link=anna->shop\n2 - heal op=down id=2" + fails, want: check.Unknown, why: touched},
		{name: "all were healed", history: "1 - fault op=down id=1 link=anna->shop\n2 - heal op=all" + fails, want: check.Violated, count: 1, why: starved},
		{
			name:    "one of two was healed",
			history: "1 - fault op=down id=1 link=anna->shop\n2 - fault op=slicer id=2 link=anna->shop\n3 - heal op=slicer id=2" + fails,
			want:    check.Unknown, why: touched,
		},
		{name: "struck while it was under way", history: "1 anna invoke x/1\n2 shop fault op=overload id=1\n3 anna info x/1", want: check.Unknown, why: touched},
		{name: "the history ends too early", history: "1 anna invoke x/1\n9 - print", want: check.Unknown, why: touched},
	})
}
