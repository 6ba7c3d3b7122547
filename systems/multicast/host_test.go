package multicast

import (
	"net"
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
