package chat

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
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
	params, err := System().Params.Parse(nil)
	require.NoError(t, err)
	return &desk{machine: machine, params: params, disk: labtest.Folder(t.TempDir()), shown: new(strings.Builder)}
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
