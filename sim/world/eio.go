package world

import (
	"syscall"

	"faultlab/scenarios"
)

func eioFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   eio,
			On:     scenarios.OnNode,
			Doc:    "The disk is broken: reads, writes, renames and removals fail with EIO and change nothing.",
			Effect: "the node used its disk",
		},
	}
}

// eio fails an operation on a broken disk.
func (d *insideDisk) eio(op, name string) error {
	if len(d.in.meet(eio)) == 0 {
		return nil
	}
	return failed(op, name, syscall.EIO)
}
