package demo

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQueueIsBounded(t *testing.T) {
	q := newQueue()
	var leaves []func()
	for i := range admitted {
		_, leave, err := q.enter(t.Context(), fmt.Sprint(i))
		require.NoError(t, err)
		leaves = append(leaves, leave)
	}
	_, _, err := q.enter(t.Context(), "one more")
	require.ErrorIs(t, err, errBusy)
	leaves[0]()
	_, leave, err := q.enter(t.Context(), "one more")
	require.NoError(t, err)
	leave()
	for _, leave := range leaves[1:] {
		leave()
	}
	require.Empty(t, q.pages)
	require.Zero(t, q.under)
}

// Of one page only the newest request goes on.
func TestNewerOvertakes(t *testing.T) {
	q := newQueue()
	first, leaveFirst, err := q.enter(t.Context(), "a")
	require.NoError(t, err)
	other, leaveOther, err := q.enter(t.Context(), "b")
	require.NoError(t, err)
	second, leaveSecond, err := q.enter(t.Context(), "a")
	require.NoError(t, err)
	require.ErrorIs(t, context.Cause(first), errOvertaken)
	require.NoError(t, other.Err())
	require.NoError(t, second.Err())

	// That the first leaves must not make the second forgotten.
	leaveFirst()
	_, leaveThird, err := q.enter(t.Context(), "a")
	require.NoError(t, err)
	require.True(t, errors.Is(context.Cause(second), errOvertaken))
	leaveSecond()
	leaveThird()
	leaveOther()
	require.Zero(t, q.under)
}
