package world

import (
	"syscall"

	"faultlab/scenarios"
)

func syncfailFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name:   syncfail,
			On:     scenarios.OnNode,
			Doc:    "Syncing a file fails with EIO. What was not yet synced stays readable but never becomes durable, as on Linux, where a failed fsync marks dirty pages clean: trying again succeeds and saves nothing.",
			Effect: "the node synced a file",
		},
	}
}

// syncfail fails the sync of a file. A disk that can lose power is told that
// the file's dirty bytes are lost to it.
func (d *insideDisk) syncfail(name string) error {
	if len(d.in.meet(syncfail)) == 0 && len(d.in.meet(eio)) == 0 {
		return nil
	}
	if disk, ok := d.Disk.(interface{ SyncFailed(name string) }); ok {
		disk.SyncFailed(name)
	}
	return failed("sync", name, syscall.EIO)
}
