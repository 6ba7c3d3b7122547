package protocols

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
)

// call is one operation of the client, as its history has it.
type call struct {
	op     string
	seq    int64
	detail string // of its end
	// When it was invoked, when its request left, when its answer had come, and
	// when it ended; 0: never.
	invoked, sent, received, ended time.Duration
	ok                             bool
}

// calls lists the client's operations in the order of their invokes. The events
// of one share its number.
func calls(r world.Result) []call {
	var all []call
	at := map[int64]int{}
	for _, e := range r.Events {
		i, known := at[e.Seq]
		t := time.Duration(e.T)
		switch {
		case e.Node != "client" || e.Source == "":
		case e.Kind == history.Invoke:
			at[e.Seq] = len(all)
			all = append(all, call{op: e.Op, seq: e.Seq, invoked: t})
		case !known:
		case e.Kind == history.Send:
			all[i].sent = t
		case e.Kind == history.Recv:
			all[i].received = t
		case e.Kind == history.OK || e.Kind == history.Fail || e.Kind == history.Info:
			all[i].ended, all[i].ok, all[i].detail = t, e.Kind == history.OK, e.Detail
		}
	}
	return all
}

// nth gives the n-th call, from 1, which must have succeeded.
func nth(r world.Result, n int) (call, error) {
	all := calls(r)
	switch {
	case len(all) < n:
		return call{}, fmt.Errorf("there is no call %d; there are %d", n, len(all))
	case !all[n-1].ok:
		return call{}, fmt.Errorf("call %d did not succeed: %s", n, all[n-1].detail)
	}
	return all[n-1], nil
}

// answered are the successful calls of one sort.
func answered(r world.Result, op string) ([]call, error) {
	found := slices.DeleteFunc(calls(r), func(c call) bool { return c.op != op || !c.ok })
	if len(found) == 0 {
		return nil, errors.New("no call was answered")
	}
	return found, nil
}

// quantile gives the value below which that part of the values lies: the
// nearest rank, which is one of them.
func quantile(values []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(part * float64(len(sorted))))
	return sorted[max(1, rank)-1]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// delay measures a quantile of how long answers took.
func delay(name string, part float64, digits int, of func(call) time.Duration) Measure {
	return Measure{Name: name, Unit: "ms", Digits: digits, Of: func(r world.Result) (float64, error) {
		found, err := answered(r, echo.Ask)
		if err != nil {
			return 0, err
		}
		var all []float64
		for _, c := range found {
			all = append(all, milliseconds(of(c)))
		}
		return quantile(all, part), nil
	}}
}

// counted measures something that a run counts.
func counted(name, unit string, of func(world.Result) int) Measure {
	return Measure{Name: name, Unit: unit, Of: func(r world.Result) (float64, error) { return float64(of(r)), nil }}
}

// entries counts the messages in the server's log that are whole.
func entries(r world.Result) int {
	n := 0
	for _, e := range r.Events {
		if e.Kind == history.Final && e.Seq > 0 {
			n++
		}
	}
	return n
}
