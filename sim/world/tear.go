package world

import (
	"strconv"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/param"
)

func tearFault() nodeFault {
	return nodeFault{
		word: scenarios.FaultWord{
			Name: tear,
			On:   scenarios.OnNode,
			Attrs: param.List{{
				Name: "bytes", Default: 0,
				Doc: "How many bytes of the append reach the disk, at most all but one; 0: drawn.",
			}},
			Doc:    "The node's next append writes only its beginning, and the node dies in it; it starts again when the fault ends. What was synced before stays.",
			Effect: "the node appended to a file",
		},
	}
}

// tear writes a proper prefix of data, and the node dies.
func (d *insideDisk) tear(f InsideFault, name string, data []byte) error {
	n := f.values.Int("bytes")
	if n == 0 && len(data) > 1 {
		n = 1 + int(lab.Draw(f.Seed, tear, strconv.Itoa(f.ID))%uint64(len(data)-1))
	}
	n = max(0, min(n, len(data)-1))
	if err := d.Disk.Append(name, data[:n]); err != nil {
		return err
	}
	d.in.die()
	return lab.ErrKilled
}
