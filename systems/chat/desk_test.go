package chat

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// desk is a machine for tests of a peer's parts: nobody listens to it, nobody can
// be reached from it, and its disk is a folder.
type desk struct {
	lab.Env
	machine string
	params  lab.Params
	disk    lab.Disk
	typed   io.Reader        // nil: nobody sits there
	shown   *strings.Builder // what their terminal shows
}

func newDesk(t *testing.T, machine string) *desk {
	t.Helper()
	_, sc := parse(t, "")
	return &desk{machine: machine, params: sc.Params, disk: tempDisk{dir: t.TempDir()}, shown: new(strings.Builder)}
}

func (d *desk) Node() lab.Node { return lab.Node{Name: d.machine, Role: "peer", Host: d.machine} }

func (d *desk) Params() lab.Params { return d.params }

func (d *desk) Disk() lab.Disk { return d.disk }

func (d *desk) Invoked() int64 { return 0 }

func (d *desk) Now() time.Time { return time.Date(2024, time.October, 28, 17, 28, 0, 0, time.UTC) }

func (d *desk) Record(history.Event) {}

func (d *desk) Terminal() io.ReadWriter {
	if d.typed == nil {
		return nil
	}
	return struct {
		io.Reader
		io.Writer
	}{d.typed, d.shown}
}

func (d *desk) Printf(format string, args ...any) {
	if d.typed != nil {
		fmt.Fprintf(d.shown, format+"\n", args...)
	}
}

func (d *desk) Dial(context.Context, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED }

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
