package facade

import (
	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// got and answers record a request that came, and its answer that is to leave.

func got(env lab.Env, e history.Event, op, msg string) {
	e.Kind, e.Op, e.Msg = history.Recv, op, msg
	env.Record(e)
}

func answers(env lab.Env, e history.Event, op, msg string) {
	e.Kind, e.Op, e.Msg = history.Send, op, msg
	env.Record(e)
}
