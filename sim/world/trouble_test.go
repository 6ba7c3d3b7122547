package world_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/check"
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// verdict finds the judgement on a property.
func (o outcome) verdict(property string) check.Verdict {
	o.t.Helper()
	for _, v := range o.Verdicts {
		if v.Property == property {
			return v
		}
	}
	require.Fail(o.t, "not judged: "+property)
	return check.Verdict{}
}

func TestWhatGoesWrongMakesTheRunUnknown(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*lab.Variant)
		says   string
	}{
		{"the role fails before its port is open", playing("store", func(context.Context, lab.Env) error {
			return errors.New("no coffee")
		}), "start store: it ended before its ports were open: no coffee"},
		{"the role returns before its port is open", playing("store", func(context.Context, lab.Env) error {
			return nil
		}), "start store: it ended before its ports were open"},
		{"the port never opens", playing("store", clerk), "start store: its ports did not open"},
		{"the role panics", playing("store", func(context.Context, lab.Env) error { panic("out of cheese") }), "store panicked: out of cheese"},
		{"the client panics", playing("client", func(context.Context, lab.Env) error { panic("out of milk") }), "client panicked: out of milk"},
		{"it dials where no link leads", playing("client", func(ctx context.Context, env lab.Env) error {
			_, err := env.Dial(ctx, "clerk")
			return err
		}), "no link joins them"},
		{"the log cannot be read back", func(v *lab.Variant) {
			v.ReadBack = func(context.Context, lab.Observer) ([]history.Event, error) { return nil, errors.New("it is in Latin") }
		}, "read the log back: it is in Latin"},
		{"reading back panics", func(v *lab.Variant) {
			v.ReadBack = func(context.Context, lab.Observer) ([]history.Event, error) { panic("it is in Greek") }
		}, "panic in the run: it is in Greek"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := play(t, "expect plain holds no-loss", tc.change)
			require.Equal(t, check.Unknown, o.Outcome)
			require.False(t, o.AsExpected)
			require.Contains(t, strings.Join(o.Record.Problems, "\n"), tc.says)
			require.Contains(t, strings.Join(o.Reasons, "\n"), tc.says)
		})
	}
}

// A service that gives up is what a lab may do: its operations are judged, and
// an operator starts it again when the faults are over.
func TestARoleThatFailsStaysDownUntilTheHeal(t *testing.T) {
	o := play(t, "expect plain holds live", playing("store", func(ctx context.Context, env lab.Env) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return errors.Join(store(ctx, quits{env, cancel}), errors.New("no more coffee"))
	})).fine()
	require.Equal(t, "start exit start", o.life("store"))
	require.Contains(t, o.first("store", history.Exit).Detail, "no more coffee")
	require.Equal(t, []int64{1, 2, 3, 21}, o.seqs("store", history.Store))
	require.True(t, o.AsExpected, o.Reasons)
}

// quits is an Env in which a store ends at its third number.
type quits struct {
	lab.Env
	quit func()
}

func (q quits) Record(e history.Event) {
	if q.Env.Record(e); e.Kind == history.Store && e.Seq == 3 {
		q.quit()
	}
}

// A client that never ends is waited for as long as the script's settle says;
// then its run is judged, and live is violated.
func TestAClientThatNeverEndsIsStuckNotWaitedForForEver(t *testing.T) {
	o := play(t, "settle 3s\nexpect plain violates live", playing("client", func(ctx context.Context, env lab.Env) error {
		for seq := range int64(2) {
			env.Record(history.Event{Kind: history.Invoke, Source: "client", Seq: seq + 1})
			if _, err := put(ctx, env, seq+1); err != nil {
				return err
			}
		}
		<-ctx.Done()
		return ctx.Err()
	})).fine()
	require.Equal(t, check.Violated, o.verdict("live").Outcome)
	require.True(t, o.AsExpected, o.Reasons)
}

// A probe that fails shows that the lab did not come back.
func TestALabThatDoesNotComeBackIsNotLive(t *testing.T) {
	once := func(v *lab.Variant) {
		lives := 0
		was := v.Roles["store"]
		v.Roles["store"] = func(ctx context.Context, env lab.Env) error {
			if lives++; lives > 1 {
				ln, err := env.Listen(storePort)
				if err != nil {
					return err
				}
				defer ln.Close()
				<-ctx.Done() // it never accepts
				return ctx.Err()
			}
			return was(ctx, env)
		}
	}
	o := play(t, "when store stores #3 kill store for 20ms\nexpect plain violates live", once).fine()
	require.Equal(t, check.Violated, o.verdict("live").Outcome)
}

// A byte that is no text becomes U+FFFD when the history is saved. It must be so
// before the run is judged, or a check of the file would find another log.
func TestTheHistoryOfARunCanBeSaved(t *testing.T) {
	o := play(t, "", func(v *lab.Variant) {
		v.ReadBack = func(context.Context, lab.Observer) ([]history.Event, error) {
			return []history.Event{{Value: "1\xff\xfe2"}}, nil
		}
	}, playing("clerk", func(ctx context.Context, env lab.Env) error {
		env.Printf("\xc3")
		return clerk(ctx, env)
	})).fine()
	require.Equal(t, "1\uFFFD\uFFFD2", o.first("", history.Final).Value)
	require.True(t, slices.Equal(o.Events, saveAndRead(t, o.Events)))
}

func saveAndRead(t *testing.T, events []history.Event) []history.Event {
	t.Helper()
	var file bytes.Buffer
	require.NoError(t, history.Write(&file, events))
	again, err := history.Read(&file, "history")
	require.NoError(t, err)
	return again
}
