package check_test

import (
	"testing"

	"faultlab/sim/check"
)

func TestIntegrity(t *testing.T) {
	const invokes = `
		1 anna invoke x/1 id=7 value=paul-13.2
		2 anna invoke x/2 id=8 value=paul-64.2`
	judge(t, check.Integrity, []judgement{
		{
			name:    "whole",
			history: invokes + "\n9 - final x/1 value=paul-13.2\n9 - final source=x value=paul-64.2",
			want:    check.Holds, why: "each of 2 entries carries the bytes that were sent",
		},
		{
			name:    "torn, known by its number",
			history: invokes + "\n9 - final x/1 value=paul-1",
			want:    check.Violated, count: 1, why: `x/1 is "paul-1" in the log and was sent as "paul-13.2"`,
		},
		{
			name:    "known by its id",
			history: invokes + "\n9 - final source=x id=8 value=paul-1paul-64.2",
			want:    check.Violated, count: 1, why: `x/2 is "paul-1paul-64.2" in the log and was sent as "paul-64.2"`,
		},
		{
			name:    "two bad copies are one message, a good one does not help",
			history: invokes + "\n9 - final x/1 value=paul-13.2\n9 - final x/1 value=a\n9 - final x/1 value=b\n9 - final x/2 value=c",
			want:    check.Violated, count: 2, why: "2 messages in the log differ from what was sent: x/1, x/2",
		},
		{
			name:    "phantoms are not corrupted",
			history: invokes + "\n9 - final x/1 value=paul-13.2\n9 - final x/3 value=a",
			want:    check.Holds, why: "each of 1 entry carries the bytes that were sent",
		},
		{name: "phantoms only", history: invokes + "\n9 - final x/3 value=a", want: check.Unknown, why: "no message is in the log"},
		{name: "an empty log", history: invokes, want: check.Unknown, why: "no message is in the log"},
	})
}
