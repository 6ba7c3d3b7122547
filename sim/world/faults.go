package world

import (
	"context"

	"faultlab/scenarios"
)

// The names of the node faults. Each stands in a file of its own.
const (
	kill     = "kill"
	stop     = "stop"
	pause    = "pause"
	powercut = "powercut"
	skew     = "skew"
	overload = "overload"
	tear     = "tear"
	enospc   = "enospc"
	eio      = "eio"
	syncfail = "syncfail"
)

// nodeFault is a fault whose target is a node.
type nodeFault struct {
	word scenarios.FaultWord
	// begin and end carry it out. They are nil for a fault inside a node: that
	// is set and cleared there.
	begin, end func(context.Context, *run, *use) error
}

// nodeFaults lists them.
func nodeFaults() []nodeFault {
	return []nodeFault{
		killFault(), stopFault(), pauseFault(), powercutFault(), // of the whole node
		skewFault(), overloadFault(), // of its clock and its capacity
		tearFault(), enospcFault(), eioFault(), syncfailFault(), // of its disk
	}
}

// nodeFaultOf finds a node fault; one of links is none and has no word.
func nodeFaultOf(name string) nodeFault {
	for _, f := range nodeFaults() {
		if f.word.Name == name {
			return f
		}
	}
	return nodeFault{}
}
