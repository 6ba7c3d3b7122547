package world

import (
	"cmp"
	"io/fs"
	"slices"
	"sync"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

// InsideFault is a fault inside a node: in its clock, its disk, its capacity.
// It crosses a pipe to a live node, so it holds its attributes as text.
type InsideFault struct {
	ID    int               `json:"id"` // unique in the run
	Name  string            `json:"name"`
	Attrs map[string]string `json:"attrs,omitempty"`
	Seed  uint64            `json:"seed"` // of its draws

	values param.Values
}

// Inside holds the faults in force inside one node and applies them where the
// node meets them. Both worlds use it; live, it stands in the node's process.
type Inside struct {
	met func(id int)
	die func()

	mu     sync.Mutex // never held across anything that takes time
	faults []InsideFault
}

// NewInside starts with the faults of a Boot. met is told each time a fault
// meets its target. die ends the node in the middle of a torn append; in the
// virtual world it returns, and the node is revoked.
func NewInside(faults []InsideFault, met func(id int), die func()) *Inside {
	in := &Inside{met: met, die: die}
	for _, f := range faults {
		in.Set(f)
	}
	return in
}

// Set brings a fault into force. It panics on attributes that the fault's word
// does not allow: those were validated with the script.
func (in *Inside) Set(f InsideFault) {
	var err error
	if f.values, err = nodeFaultOf(f.Name).word.Attrs.Parse(f.Attrs); err != nil {
		panic("world: inside fault " + f.Name + ": " + err.Error())
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.faults = append(in.faults, f)
	slices.SortFunc(in.faults, func(a, b InsideFault) int { return cmp.Compare(a.ID, b.ID) })
}

// Clear ends a fault. One that is not in force is ignored.
func (in *Inside) Clear(id int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.faults = slices.DeleteFunc(in.faults, func(f InsideFault) bool { return f.ID == id })
}

// meet lists the faults of that name in force, in the order of their numbers,
// and counts that each met its target.
func (in *Inside) meet(name string) []InsideFault {
	in.mu.Lock()
	var found []InsideFault
	for _, f := range in.faults {
		if f.Name == name {
			found = append(found, f)
		}
	}
	in.mu.Unlock()
	for _, f := range found {
		in.met(f.ID)
	}
	return found
}

// Disk gives the node's view of its host's disk.
func (in *Inside) Disk(d lab.Disk) lab.Disk { return &insideDisk{Disk: d, in: in} }

// insideDisk fails where a disk fault is in force.
type insideDisk struct {
	lab.Disk
	in *Inside
}

func (d *insideDisk) Append(name string, data []byte) error {
	if torn := d.in.meet(tear); len(torn) > 0 {
		return d.tear(torn[0], name, data)
	}
	if err := d.eio("write", name); err != nil {
		return err
	}
	if err := d.enospc(name, data); err != nil {
		return err
	}
	return d.Disk.Append(name, data)
}

func (d *insideDisk) Read(name string) ([]byte, error) {
	if err := d.eio("read", name); err != nil {
		return nil, err
	}
	return d.Disk.Read(name)
}

func (d *insideDisk) ReadAt(name string, p []byte, off int64) (int, error) {
	if err := d.eio("read", name); err != nil {
		return 0, err
	}
	return d.Disk.ReadAt(name, p, off)
}

func (d *insideDisk) Truncate(name string, size int64) error {
	if err := d.eio("truncate", name); err != nil {
		return err
	}
	return d.Disk.Truncate(name, size)
}

func (d *insideDisk) Rename(from, to string) error {
	if err := d.eio("rename", from); err != nil {
		return err
	}
	return d.Disk.Rename(from, to)
}

func (d *insideDisk) Remove(name string) error {
	if err := d.eio("remove", name); err != nil {
		return err
	}
	return d.Disk.Remove(name)
}

func (d *insideDisk) List() ([]string, error) {
	if err := d.eio("list", "."); err != nil {
		return nil, err
	}
	return d.Disk.List()
}

func (d *insideDisk) Sync(name string) error {
	if err := d.syncfail(name); err != nil {
		return err
	}
	return d.Disk.Sync(name)
}

func (d *insideDisk) SyncDir() error {
	if err := d.eio("sync", "."); err != nil {
		return err
	}
	return d.Disk.SyncDir()
}

// failed is the error of a disk operation that a fault made fail.
func failed(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}
