package check_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
)

func TestLinearizable(t *testing.T) {
	const made = `
		1 anna invoke x/1 op=create value=p
		2 anna ok     x/1 id=4`
	judge(t, check.Linearizable, []judgement{
		{
			name: "a thing's whole life",
			history: made + `
				3 bert invoke y/1 op=read   id=4
				4 bert ok     y/1 value=p
				5 anna invoke x/2 op=write  id=4 value=q
				6 anna ok     x/2
				7 bert invoke y/2 op=read   id=4
				8 bert ok     y/2 value=q
				9 anna invoke x/3 op=delete id=4
				10 anna ok    x/3
				11 bert invoke y/3 op=read  id=4
				12 bert ok    y/3 detail=absent value=gone`,
			want: check.Holds, why: "6 operations on 1 key have a legal order",
		},
		{
			name: "a stale read",
			history: made + `
				3 anna invoke x/2 op=write id=4 value=q
				4 anna ok     x/2
				5 bert invoke y/1 op=read  id=4
				6 bert ok     y/1 value=p`,
			want: check.Violated, count: 1, why: `y/1 read "p" at "4", and no order of the operations explains it`,
		},
		{
			name: "while it is written either may be read, but not the old after the new",
			history: made + `
				3 anna invoke x/2 op=write id=4 value=q
				4 bert invoke y/1 op=read  id=4
				5 bert ok     y/1 value=q
				6 bert invoke y/2 op=read  id=4
				7 bert ok     y/2 value=p
				8 anna ok     x/2`,
			want: check.Violated, count: 1, why: `y/2 read "p" at "4", and no order of the operations explains it`,
		},
		{
			name: "what touches in one instant overlaps",
			history: made + `
				3 anna invoke x/2 op=write id=4 value=q
				5 anna ok     x/2
				5 bert invoke y/1 op=read  id=4
				6 bert ok     y/1 value=p`,
			want: check.Holds, why: "3 operations on 1 key have a legal order",
		},
		{
			name: "a late retry overwrites the newer value",
			history: made + `
				3 anna invoke x/2 op=write id=4 value=q
				4 anna ok     x/2
				5 bert invoke y/1 op=write id=4 value=r
				6 bert ok     y/1
				7 bert invoke y/2 op=read  id=4
				8 bert ok     y/2 value=q`,
			want: check.Violated, count: 1, why: `y/2 read "q" at "4", and no order of the operations explains it`,
		},
		{
			name: "one of unknown outcome takes effect at any later time, or never",
			history: made + `
				3 anna invoke x/2 op=write id=4 value=q
				4 anna info   x/2
				5 anna invoke x/3 op=delete id=4
				6 bert invoke y/1 op=read id=4
				7 bert ok     y/1 value=p
				8 bert invoke y/2 op=read id=4
				9 bert ok     y/2 value=q`,
			want: check.Holds, why: "5 operations on 1 key have a legal order",
		},
		{
			name: "but once only",
			history: made + `
				3 anna invoke x/2 op=write id=4 value=q
				4 anna info   x/2
				5 bert invoke y/1 op=read  id=4
				6 bert ok     y/1 value=q
				7 carl invoke z/1 op=write id=4 value=r
				8 carl ok     z/1
				9 bert invoke y/2 op=read  id=4
				10 bert ok    y/2 value=q`,
			want: check.Violated, count: 1, why: `y/2 read "q" at "4", and no order of the operations explains it`,
		},
		{
			name: "what failed has no effect",
			history: made + `
				3 anna invoke x/2 op=write id=4 value=q
				4 anna fail   x/2
				5 bert invoke y/1 op=read  id=4
				6 bert ok     y/1 value=q`,
			want: check.Violated, count: 1, why: `y/1 read "q" at "4", and no order of the operations explains it`,
		},
		{
			name: "a key is given twice, and once more after a delete",
			history: `
				1 anna invoke x/1 op=create value=p
				2 anna ok     x/1 id=5
				3 anna invoke x/2 op=delete id=5
				4 anna ok     x/2
				5 anna invoke x/3 op=create value=p
				6 anna ok     x/3 id=5
				7 bert invoke y/1 op=create value=q
				8 bert ok     y/1 id=5`,
			want: check.Violated, count: 1, why: `y/1 created "q" at "5", and no order of the operations explains it`,
		},
		{
			name: "a create of unknown outcome is what was read",
			history: `
				1 anna invoke x/1 op=create value=p id=my-key
				2 anna info   x/1
				3 bert invoke y/1 op=read id=4
				4 bert ok     y/1 detail=absent
				5 bert invoke y/2 op=read id=4
				6 bert ok     y/2 value=p`,
			want: check.Holds, why: "3 operations on 1 key have a legal order",
		},
		{
			name: "but it makes a thing once",
			history: `
				1 anna invoke x/1 op=create value=p
				2 anna info   x/1
				3 bert invoke y/1 op=read id=4
				4 bert ok     y/1 value=p
				5 bert invoke y/2 op=delete id=4
				6 bert ok     y/2
				7 bert invoke y/3 op=read id=4
				8 bert ok     y/3 value=p
				9 bert invoke y/4 op=delete id=4
				10 bert ok    y/4
				11 bert invoke y/5 op=read id=4
				12 bert ok    y/5 value=p`,
			want: check.Violated, count: 1, why: `y/5 read "p" at "4", and no order of the operations explains it`,
		},
		{
			name: "but no other value is",
			history: `
				1 anna invoke x/1 op=create value=p
				2 anna info   x/1
				3 bert invoke y/1 op=read id=4
				4 bert ok     y/1 detail=absent
				5 bert invoke y/2 op=read id=4
				6 bert ok     y/2 value=q`,
			want: check.Violated, count: 1, why: `y/2 read "q" at "4", and no order of the operations explains it`,
		},
		{
			name: "what was there before the run is found out by the first read",
			history: `
				1 bert invoke y/1 op=read id=1
				2 bert ok     y/1 value=Alice
				3 bert invoke y/2 op=read id=1
				4 bert ok     y/2 value=Bob`,
			want: check.Violated, count: 1, why: `y/2 read "Bob" at "1", and no order of the operations explains it`,
		},
		{
			name: "a delete that comes undone is seen in the log",
			history: made + `
				3 anna invoke x/2 op=delete id=4
				4 anna ok     x/2
				5 -    heal   op=all
				9 -    final  id=4 value=p`,
			want: check.Violated, count: 1, why: `the log has "p" at "4", and no order of the operations explains it`,
		},
		{
			name: "a create that comes undone is seen in the log",
			history: made + `
				5 -    heal   op=all
				9 -    final  id=1 value=Alice`,
			want: check.Violated, count: 1, why: `the log has nothing at "4", and no order of the operations explains it`,
		},
		{
			name: "the log was read at some time after the last heal",
			history: made + `
				5 -    heal   op=all
				6 anna invoke x/2 op=delete id=4
				7 anna ok     x/2
				9 -    final  id=4 value=p`,
			want: check.Holds, why: "3 operations on 1 key have a legal order",
		},
		{
			name: "a log that was read before the last heal tells nothing of the end",
			history: made + `
				5 -    final  id=1 value=Alice
				6 -    heal   op=all`,
			want: check.Unknown, why: "no key was read",
		},
		{
			name: "a log without keys is no read of them",
			history: made + `
				5 -    heal   op=all
				9 -    final  value=p`,
			want: check.Unknown, why: "no key was read",
		},
		{
			name: "each key is its own",
			history: made + `
				3 anna invoke x/2 op=create value=q
				4 anna ok     x/2 id=5
				5 bert invoke y/1 op=read id=4
				6 bert ok     y/1 value=q
				7 bert invoke y/2 op=read id=5
				8 bert ok     y/2 value=p`,
			want: check.Violated, count: 2, why: "2 keys have no legal order of their operations: y/1, y/2",
		},
		{
			name: "other operations, and a read that failed",
			history: `
				1 anna invoke x/1 op=get id=4
				2 anna ok     x/1 value=p
				3 anna invoke x/2 op=read id=4
				4 anna info   x/2
				5 anna invoke x/3 op=write
				6 anna ok     x/3`,
			want: check.Unknown, why: "no key was read",
		},
	})
}

// TestVisualize: the page needs no network, and shows what is broken if
// anything is.
func TestVisualize(t *testing.T) {
	const sound = `
		1 anna invoke x/1 op=create value=</script>
		2 anna ok     x/1 id=4
		3 anna invoke x/2 op=read id=4
		4 anna ok     x/2 value=</script>`
	draw := func(text string) string {
		var page bytes.Buffer
		require.NoError(t, check.Visualize(check.New(parse(t, text), lab), &page))
		return page.String()
	}
	page := draw(sound)
	require.Contains(t, page, "x/1 created")
	require.NotContains(t, page, "y/1")
	require.Equal(t, 1, strings.Count(page, "</script>"), "a value must not end the script")
	for _, fetch := range []string{"src=", "href=", "@import", "url(", "fetch(", "XMLHttpRequest"} {
		require.NotContains(t, page, fetch)
	}

	page = draw(sound + `
		5 bert invoke y/1 op=read id=5
		6 bert ok     y/1 value=p
		7 bert invoke y/2 op=read id=5
		8 bert ok     y/2 value=q`)
	require.Contains(t, page, "y/2 read")
	require.NotContains(t, page, "x/1 created")
}

// Sixty writes that got no answer, and then a stale read: to find that no order
// explains it, all orders must be gone through, and each write that might have
// happened doubles them.
func TestLinearizableIsNotLostInWritesThatNobodyRead(t *testing.T) {
	var text strings.Builder
	text.WriteString("1 anna invoke x/1 op=write id=4 value=p\n2 anna ok x/1\n")
	for i := range 60 {
		fmt.Fprintf(&text, "3 bert invoke y/%d op=write id=4 value=lost-%d\n4 bert info y/%d\n", i+1, i, i+1)
	}
	text.WriteString("5 anna invoke x/2 op=write id=4 value=q\n6 anna ok x/2\n7 anna invoke x/3 op=read id=4\n8 anna ok x/3 value=p\n")
	c, _ := check.Lookup(check.Linearizable)
	v := c.Judge(check.New(parse(t, text.String()), lab))
	require.Equal(t, check.Violated, v.Outcome, v.Why)
	require.Equal(t, `x/3 read "p" at "4", and no order of the operations explains it`, v.Why)
}
