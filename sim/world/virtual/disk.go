package virtual

import (
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"sync"

	"faultlab/sim/lab"
)

// disk is a host's disk with its page cache.
//
//	files    name → inode    what processes see
//	durable  name → inode    what the directory holds after a power cut
//	inode    data, and what of it is durable
type disk struct {
	seed uint64

	mu      sync.Mutex
	cuts    int
	files   map[string]*inode
	durable map[string]*inode
}

type inode struct {
	data []byte
	// synced is what a power cut leaves. It shares data's array while the file
	// only grows; Truncate copies.
	synced []byte
	// spoilt is where the bytes begin that a failed sync gave up: they, and
	// what follows them, never become durable. -1: none.
	spoilt int
}

func newDisk(seed uint64) *disk {
	return &disk{seed: seed, files: map[string]*inode{}, durable: map[string]*inode{}}
}

func (d *disk) find(op, name string) (*inode, error) {
	if f := d.files[name]; f != nil {
		return f, nil
	}
	return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

func (d *disk) Append(name string, data []byte) error {
	if err := lab.CheckName(name); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files[name]
	if f == nil {
		f = &inode{spoilt: -1}
		d.files[name] = f
	}
	f.data = append(f.data, data...)
	return nil
}

func (d *disk) Read(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := d.find("open", name)
	if err != nil {
		return nil, err
	}
	return slices.Clone(f.data), nil
}

func (d *disk) ReadAt(name string, p []byte, off int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := d.find("open", name)
	if err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	if off >= int64(len(f.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (d *disk) Truncate(name string, size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := d.find("truncate", name)
	if err != nil {
		return err
	}
	if size < 0 || size > int64(len(f.data)) {
		return &fs.PathError{Op: "truncate", Path: name, Err: fs.ErrInvalid}
	}
	f.data = slices.Clone(f.data[:size])
	if int(size) <= f.spoilt {
		f.spoilt = -1
	}
	return nil
}

func (d *disk) Rename(from, to string) error {
	if err := lab.CheckName(to); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := d.find("rename", from)
	if err != nil {
		return err
	}
	delete(d.files, from)
	d.files[to] = f
	return nil
}

func (d *disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.find("remove", name); err != nil {
		return err
	}
	delete(d.files, name)
	return nil
}

func (d *disk) List() ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.files)), nil
}

func (d *disk) Sync(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := d.find("sync", name)
	if err != nil {
		return err
	}
	end := len(f.data)
	if f.spoilt >= 0 {
		end = f.spoilt
	}
	f.synced = f.data[:end:end]
	return nil
}

// SyncFailed notes that a sync failed: what was dirty counts as clean now, and
// is never written. A file may be as long as when it was synced and dirty all
// the same: it was cut and written again.
func (d *disk) SyncFailed(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f := d.files[name]; f != nil && f.spoilt < 0 && f.dirty() > 0 {
		f.spoilt = len(f.data) - f.dirty()
	}
}

// dirty counts the bytes from the first on that is not durable.
func (f *inode) dirty() int {
	same := 0
	for same < min(len(f.data), len(f.synced)) && f.data[same] == f.synced[same] {
		same++
	}
	return len(f.data) - same
}

func (d *disk) SyncDir() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.durable = maps.Clone(d.files)
	return nil
}

// powerCut leaves what is durable, and tells how many bytes are gone. With
// torn, a drawn part of what a file only grew by since its sync stays too.
func (d *disk) powerCut(torn bool) (lost int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cuts++
	stays := map[*inode]bool{}
	for name, f := range d.durable {
		stays[f] = true
		if grown := f.dirty(); torn && f.spoilt < 0 && grown == len(f.data)-len(f.synced) {
			keep := int(lab.Draw(d.seed, "torn", name, strconv.Itoa(d.cuts)) % uint64(grown+1))
			end := len(f.synced) + keep
			f.synced = f.data[:end:end]
		}
	}
	for _, f := range d.files {
		if stays[f] {
			lost += f.dirty()
		} else {
			lost += len(f.data)
		}
	}
	d.files = maps.Clone(d.durable)
	for f := range stays {
		f.data = slices.Clone(f.synced)
		f.synced = f.data[:len(f.data):len(f.data)]
		f.spoilt = -1
	}
	return lost
}

// timedDisk is a node's way to its disk: each operation takes a drawn time,
// and none works once the node is dead.
type timedDisk struct{ n *node }

func (d timedDisk) Append(name string, data []byte) error {
	if err := d.n.spend(diskLow, diskHigh, "append", name); err != nil {
		return err
	}
	return d.n.disk.Append(name, data)
}

func (d timedDisk) Read(name string) ([]byte, error) {
	if err := d.n.spend(diskLow, diskHigh, "read", name); err != nil {
		return nil, err
	}
	return d.n.disk.Read(name)
}

func (d timedDisk) ReadAt(name string, p []byte, off int64) (int, error) {
	if err := d.n.spend(diskLow, diskHigh, "read", name); err != nil {
		return 0, err
	}
	return d.n.disk.ReadAt(name, p, off)
}

func (d timedDisk) Truncate(name string, size int64) error {
	if err := d.n.spend(diskLow, diskHigh, "truncate", name); err != nil {
		return err
	}
	return d.n.disk.Truncate(name, size)
}

func (d timedDisk) Rename(from, to string) error {
	if err := d.n.spend(diskLow, diskHigh, "rename", from); err != nil {
		return err
	}
	return d.n.disk.Rename(from, to)
}

func (d timedDisk) Remove(name string) error {
	if err := d.n.spend(diskLow, diskHigh, "remove", name); err != nil {
		return err
	}
	return d.n.disk.Remove(name)
}

func (d timedDisk) List() ([]string, error) {
	if err := d.n.spend(diskLow, diskHigh, "list"); err != nil {
		return nil, err
	}
	return d.n.disk.List()
}

func (d timedDisk) Sync(name string) error {
	if err := d.n.spend(syncLow, syncHigh, "sync", name); err != nil {
		return err
	}
	return d.n.disk.Sync(name)
}

func (d timedDisk) SyncDir() error {
	if err := d.n.spend(syncLow, syncHigh, "syncdir"); err != nil {
		return err
	}
	return d.n.disk.SyncDir()
}
