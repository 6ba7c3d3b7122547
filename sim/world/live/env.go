//go:build unix

package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/mem"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// env is the lab.Env of a node's process.
type env struct {
	node   lab.Node
	params lab.Params
	birth  birth
	inside *world.Inside
	disk   lab.Disk

	reports  sender
	answers  sender
	terminal io.ReadWriter // nil: nobody sits here
	gate     gate
	healed   context.Context // ends when all faults are over
	heal     context.CancelFunc

	recording sync.Mutex // held while an event is stamped and written

	mu   sync.Mutex
	open map[int]bool // ports that the node listens on
}

func newEnv(n lab.Node, params lab.Params, b birth) (*env, error) {
	disk, err := openFolder(b.Folder)
	if err != nil {
		return nil, err
	}
	e := &env{
		node: n, params: params, birth: b,
		reports: sender{w: os.NewFile(reportsFD, "reports")},
		answers: sender{w: os.NewFile(answersFD, "answers")},
		gate:    gate{kinds: b.Boot.Watch, held: map[int]chan struct{}{}},
		open:    map[int]bool{},
	}
	e.healed, e.heal = context.WithCancel(context.Background())
	e.inside = world.NewInside(b.Boot.Inside, func(id int) { e.report(report{Met: &id}) }, e.tornDown)
	e.disk = e.inside.Disk(disk)
	if b.Boot.Healed {
		e.heal()
	}
	if b.Person {
		e.terminal = terminal{os.Stdin, os.Stdout}
	}
	return e, nil
}

func (e *env) Node() lab.Node     { return e.node }
func (e *env) Params() lab.Params { return e.params }
func (e *env) Disk() lab.Disk     { return e.disk }
func (e *env) Invoked() int64     { return e.birth.Boot.Invoked }
func (e *env) Now() time.Time     { return e.inside.Clock(time.Now()) }
func (e *env) Overloaded() bool   { return e.inside.Overloaded() }

// Rand draws what the virtual world draws.
func (e *env) Rand(name string) *rand.Rand {
	return lab.Rand(lab.NodeSeed(e.birth.Seed, e.node.Name, e.birth.Boot.Incarnation), "rand", name)
}

// Usage gives what the machine used since the last call. A figure that the
// system does not tell is 0.
func (e *env) Usage() (cpuPercent, memPercent float64) {
	if all, err := cpu.Percent(0, false); err == nil && len(all) > 0 {
		cpuPercent = all[0]
	}
	if m, err := mem.VirtualMemory(); err == nil {
		memPercent = m.UsedPercent
	}
	return cpuPercent, memPercent
}

func (e *env) Listen(port int) (net.Listener, error) {
	addr, err := e.place(port)
	if err != nil {
		return nil, err
	}
	ln, err := listen(addr)
	if err != nil {
		return nil, err
	}
	e.opened(port)
	return ln, nil
}

// place is where a documented port is to be found.
func (e *env) place(port int) (string, error) {
	addr, ok := e.birth.Listen[port]
	if !ok {
		return "", fmt.Errorf("%s listens on port %d, but no link of the lab leads there", e.node.Name, port)
	}
	return addr, nil
}

func (e *env) opened(port int) {
	e.mu.Lock()
	e.open[port] = true
	e.mu.Unlock()
	e.readyIfOpen()
}

// readyIfOpen tells the runner that the node is ready, if all ports that links
// lead to are open. Once told, it may be told again: the runner takes the
// first.
func (e *env) readyIfOpen() {
	e.mu.Lock()
	missing := len(e.birth.Listen) - len(e.open)
	e.mu.Unlock()
	if missing == 0 {
		e.answer(0)
	}
}

func (e *env) Dial(ctx context.Context, to string) (net.Conn, error) {
	addr, err := e.way(to)
	if err != nil {
		return nil, err
	}
	link := lab.Link{From: e.node.Name, To: to}.String()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if errors.Is(err, syscall.ECONNREFUSED) {
		e.report(report{Refused: link})
	}
	if err != nil {
		return nil, err
	}
	// The proxy may not have accepted it yet. A fault that is put on open
	// connections at the first message must find this one.
	n, goAhead := e.gate.wait()
	e.report(report{Dialed: &dialed{Link: link, Client: conn.LocalAddr().String()}, Wait: n})
	select {
	case <-goAhead:
		return conn, nil
	case <-ctx.Done():
		conn.Close()
		return nil, ctx.Err()
	}
}

// way is where the proxy of the link to a service listens.
func (e *env) way(to string) (string, error) {
	addr, ok := e.birth.Dial[to]
	if !ok {
		return "", fmt.Errorf("%s dials %s, but the lab has no link between them", e.node.Name, to)
	}
	return addr, nil
}

func (e *env) Printf(format string, args ...any) {
	line := strings.TrimSuffix(fmt.Sprintf(format, args...), "\n")
	if e.terminal != nil {
		_, _ = io.WriteString(e.terminal, line+"\n") // its failure is that of the runner, and this process's end
		return
	}
	e.Record(history.Event{Kind: history.Print, Value: line})
}

func (e *env) Terminal() io.ReadWriter { return e.terminal }

func (e *env) Record(ev history.Event) {
	if goAhead := e.record(ev); goAhead != nil {
		<-goAhead
	}
}

// record stamps and writes under one lock: the reports of a node stand in the
// order of their times.
func (e *env) record(ev history.Event) (goAhead <-chan struct{}) {
	e.recording.Lock()
	defer e.recording.Unlock()
	ev.T = monotonic() - e.birth.Began
	ev.Node = e.node.Name
	r := report{Event: &ev}
	r.Wait, goAhead = e.gate.hold(ev.Kind)
	e.report(r)
	return goAhead
}

func (e *env) AwaitHeal(ctx context.Context) error {
	if e.healed.Err() != nil {
		return nil
	}
	e.report(report{Waiting: true})
	select {
	case <-e.healed.Done():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tornDown ends the process in the middle of an append, by SIGKILL: nothing of
// it may run on and write the rest.
func (e *env) tornDown() {
	if e.reports.sendLast(report{Exit: &exit{Torn: true}}) != nil {
		os.Exit(1)
	}
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// report and answer end the process if there is no runner to hear them.
func (e *env) report(r report) {
	if e.reports.send(r) != nil {
		os.Exit(1)
	}
}

func (e *env) answer(id int) {
	if e.answers.send(answer{id}) != nil {
		os.Exit(1)
	}
}
