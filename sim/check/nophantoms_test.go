package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestNoPhantoms(t *testing.T) {
	const invokes = `
		1 anna invoke x/1 id=7 value=p
		2 anna fail   x/1`
	judge(t, check.NoPhantoms, []judgement{
		{
			name:    "a failed write that is there was invoked all the same",
			history: invokes + "\n9 - final x/1 value=p",
			want:    check.Holds, why: "each of 1 entry is a message that was invoked",
		},
		{
			name:    "a number that nobody used, whatever the value",
			history: invokes + "\n9 - final x/1 value=p\n9 - final x/2 value=p",
			want:    check.Violated, count: 1, why: `entry 2 of the log is no message that was invoked: "p"`,
		},
		{
			name:    "a torn line and an empty one",
			history: invokes + "\n9 - final source=x value=pa\n9 - final source=x",
			want:    check.Violated, count: 2, why: "2 entries of the log are no message that was invoked: entry 1 of the log, entry 2 of the log",
		},
		{
			name:    "a damaged line with its id is its message",
			history: invokes + "\n9 - final source=x id=7 value=torn",
			want:    check.Holds, why: "each of 1 entry is a message that was invoked",
		},
		{
			name:    "another source",
			history: invokes + "\n9 - final source=y id=7 value=p",
			want:    check.Violated, count: 1, why: `entry 1 of the log is no message that was invoked: "p"`,
		},
		{
			name:    "a long value is cut short",
			history: invokes + "\n9 - final source=x value=0123456789012345678901234567890123456789012345678901234567890123456789",
			want:    check.Violated, count: 1,
			why: `entry 1 of the log is no message that was invoked: "012345678901234567890123456789012345678901234567890123456789"…`,
		},
		{
			name: "counted in its own log",
			history: `
				1 anna invoke x/1 value=p
				9 bert final  x/1 value=p
				9 carl final  x/2 value=p`,
			want: check.Violated, count: 1, why: `entry 1 of the log of carl is no message that was invoked: "p"`,
		},
		{name: "an empty log", history: invokes, want: check.Unknown, why: "the log is empty"},
		{name: "nothing invoked", history: `9 - final x/1`, want: check.Unknown, why: "the workload sent nothing"},
	})
}
