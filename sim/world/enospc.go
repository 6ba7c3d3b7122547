package world

import (
	"syscall"

	"faultlab/scenarios"
)

func enospcFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   enospc,
			On:     scenarios.OnNode,
			Doc:    "The disk is full: an append writes the half that still fits and fails with ENOSPC.",
			Effect: "the node appended to a file",
		},
	}
}

// enospc fails an append when the disk is full. The half that is written first
// is what makes this harder than a clean refusal: the next append would join
// it.
func (d *insideDisk) enospc(name string, data []byte) error {
	if len(d.in.meet(enospc)) == 0 {
		return nil
	}
	if half := data[:len(data)/2]; len(half) > 0 {
		if err := d.Disk.Append(name, half); err != nil {
			return err
		}
	}
	return failed("write", name, syscall.ENOSPC)
}
