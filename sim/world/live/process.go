//go:build unix

package live

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// process is a node while it lives, seen from its runner.
//
//	spawn ─▶ answers: ready ─▶ reports … ─▶ reaped ─▶ drained ─▶ Exited
type process struct {
	name    string
	cluster *cluster
	cmd     *exec.Cmd

	orders  sender
	reports *bufio.Reader
	turn    sync.Mutex // held while the reports are read
	heard   bool       // to the end; guarded by turn

	ready   chan struct{} // closed when all its ports are open
	reaped  chan struct{} // closed when it is dead; status is set then
	status  *os.ProcessState
	told    chan struct{} // closed when nothing more comes of it, not even Exited
	console console
	readers sync.WaitGroup  // of the console and the answers
	all     *sync.WaitGroup // every goroutine of this process

	life sync.Mutex // held while it is paused or resumed

	mu      sync.Mutex
	doomed  bool                  // its runner ended it, and tells of it
	exit    *exit                 // what it reported last
	lastID  int                   // of an order
	pending map[int]chan struct{} // orders without an answer
	still   chan struct{}         // closed while it is paused
}

// spawn starts a node's process and tells it what it is. Its goroutines are
// counted in all.
func spawn(c *cluster, b birth, all *sync.WaitGroup) (p *process, err error) {
	exe, err := executable()
	if err != nil {
		return nil, fmt.Errorf("find this program's file: %w", err)
	}
	var pipes pipes
	defer func() {
		pipes.closeTheirs()
		if err != nil {
			pipes.closeOurs()
		}
	}()
	ordersIn, orders := pipes.toNode()
	reports, reportsIn := pipes.fromNode()
	answers, answersIn := pipes.fromNode()
	output, outputIn := pipes.fromNode()
	if pipes.err != nil {
		return nil, fmt.Errorf("open a pipe to the node: %w", pipes.err)
	}
	p = &process{
		name: b.Node, cluster: c, all: all,
		orders:  sender{w: orders},
		reports: bufio.NewReader(reports),
		ready:   make(chan struct{}),
		reaped:  make(chan struct{}),
		told:    make(chan struct{}),
		pending: map[int]chan struct{}{},
		still:   make(chan struct{}),
	}
	p.cmd = exec.Command(exe)
	p.cmd.Args = []string{"faultlab-node", p.name}
	p.cmd.Env = append(os.Environ(), marker+"="+filepath.Join(c.scratch.path, p.name))
	p.cmd.Dir = c.scratch.path
	p.cmd.Stdout, p.cmd.Stderr = outputIn, outputIn
	p.cmd.ExtraFiles = []*os.File{ordersIn, reportsIn, answersIn} // from descriptor 3
	p.cmd.SysProcAttr = attributes()
	if b.Person {
		if err := p.attach(c.person, &pipes); err != nil {
			return nil, err
		}
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start its process: %w", err)
	}
	p.readers.Go(func() { p.readConsole(output) })
	p.readers.Go(func() { p.readAnswers(bufio.NewReader(answers)) })
	p.all.Go(p.follow)
	p.all.Go(func() {
		p.reap()
		pipes.closeOurs()
	})
	// One that died of it already shows that by its end.
	_ = p.orders.send(b)
	return p, nil
}

func (p *process) isReady() bool {
	select {
	case <-p.ready:
		return true
	default:
		return false
	}
}

// reap waits for the end of the process, and tells of it if nobody else does.
func (p *process) reap() {
	defer close(p.told)
	_ = p.cmd.Wait() // the status says it all
	p.status = p.cmd.ProcessState
	close(p.reaped)
	p.drain()
	if p.crashed() {
		p.cluster.fail(fmt.Errorf("node %s %w", p.name, p.end()))
	}
	p.mu.Lock()
	told := p.doomed || !p.isReady() // who started it hears of an end before that
	p.mu.Unlock()
	if !told {
		p.cluster.hooks.Exited(p.name, p.end())
	}
}

// doom notes that its runner is about to end it.
func (p *process) doom() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.doomed = true
}
