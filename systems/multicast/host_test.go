package multicast

import (
	"net"
	"os"
	"path/filepath"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// host is a machine for tests of the sender's parts. Its disk is a folder, and what
// is sent goes nowhere.
type host struct {
	lab.Env
	disk lab.Disk
}

func (h host) Node() lab.Node {
	return lab.Node{Name: sender, Role: sender, Host: sender, Client: true}
}

func (h host) Disk() lab.Disk { return h.disk }

func (h host) Now() time.Time { return time.Now() }

func (h host) Record(history.Event) {}

func (h host) Printf(string, ...any) {}

type nowhere struct{ net.Conn }

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

// tempDisk is a folder of which nobody cuts the power.
type tempDisk struct {
	lab.Disk
	dir string
}

func (d tempDisk) path(name string) string { return filepath.Join(d.dir, name) }

func (d tempDisk) Append(name string, data []byte) error {
	f, err := os.OpenFile(d.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(data)
	return err
}

func (d tempDisk) Read(name string) ([]byte, error) { return os.ReadFile(d.path(name)) }

func (d tempDisk) ReadAt(name string, p []byte, off int64) (int, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, off)
}

func (d tempDisk) Remove(name string) error { return os.Remove(d.path(name)) }

func (d tempDisk) Rename(from, to string) error { return os.Rename(d.path(from), d.path(to)) }

func (tempDisk) Sync(string) error { return nil }

func (tempDisk) SyncDir() error { return nil }
