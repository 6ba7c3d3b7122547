package multicast

import (
	"fmt"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// invoked begins an operation: its message belongs in every receiver's log.
func invoked(p lab.Params, seq int64, said string) history.Event {
	return history.Event{
		Kind: history.Invoke, Op: opSay, Source: sender, Seq: seq, Value: said,
		Detail: "to " + strings.Join(members(p), ","),
	}
}

// handed is that a message leaves for one receiver.
func handed(op history.Event, to, id string) history.Event {
	op.Kind, op.ID, op.Detail = history.Send, id, ""
	op.Link, op.Msg = linkTo(to), msg(id, to)
	return op
}

func linkTo(receiver string) string { return lab.Link{From: sender, To: receiver}.String() }

// msg pairs what is sent to one receiver with what that gets. A retransmission is
// the same message.
func msg(id, to string) string { return fmt.Sprintf("%s to %s", id, to) }

// event is what the history says of a frame.
func (f frame) event() history.Event {
	e := history.Event{Op: opSay, ID: f.id(), Value: string(f.payload)}
	switch f.kind {
	case kindMessage:
		if i := number(e.Value); f.sender == sender && i >= 0 {
			e.Source, e.Seq = sender, i+1
		}
	case kindHeartbeat:
		e.Op, e.Detail = "heartbeat", fmt.Sprintf("the last is %d", f.seq)
	case kindWant:
		first, last, _ := f.wanted()
		e.Op, e.Value, e.Detail = "want", "", fmt.Sprintf("wants %d to %d", first, last)
	}
	if e.Op != opSay {
		e.ID = e.Op + " " + e.ID
	}
	return e
}
