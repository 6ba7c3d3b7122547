package world

import "faultlab/scenarios"

func overloadFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   overload,
			On:     scenarios.OnNode,
			Doc:    "The service turns requests away as an overloaded server does: 503 in HTTP, RESOURCE_EXHAUSTED in gRPC. It is up, it answers, it does nothing.",
			Effect: "a request was turned away",
		},
	}
}

// Overloaded reports whether the node must turn a request away.
func (in *Inside) Overloaded() bool { return len(in.meet(overload)) > 0 }
