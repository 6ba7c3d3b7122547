package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"faultlab/sim/world"
)

// place is where a worker works. A worker that dies is replaced for the next
// run.
type place struct {
	limit  time.Duration // real time that a run may take
	memory uint64        // bytes that a run may fill; 0: as many as there are
	cmd    *exec.Cmd     // nil: nobody works here
	orders io.WriteCloser
	result *json.Decoder
	said   *lastWords
}

// do has a job done. A worker that dies over it makes the run unknown, with
// what the worker said last.
func (p *place) do(ctx context.Context, j job) world.Result {
	result, err := p.once(ctx, j)
	if err == nil {
		p.explain(ctx, j, &result)
	}
	return result
}

// once does the run of a job and no reruns. The error is that the worker died,
// which the result tells as well.
func (p *place) once(ctx context.Context, j job) (world.Result, error) {
	began := time.Now()
	var result world.Result
	if err := p.ask(ctx, p.orderFor(j), &result); err != nil {
		result = world.Run(ctx, j.spec, broken{j.world, err})
		result.Record.Elapsed = time.Since(began)
		return result, err
	}
	return result, nil
}

func (p *place) orderFor(j job) order {
	return order{
		Arg: j.script.arg, Text: string(j.script.text), Variant: j.spec.Variant.Name, Seed: j.spec.Seed,
		Limit: p.limit, Memory: p.memory, Explored: j.spec.Explored,
	}
}

// ask gives the worker an order and waits for its answer.
func (p *place) ask(ctx context.Context, o order, answer any) error {
	if p.cmd == nil {
		if err := p.hire(); err != nil {
			return err
		}
	}
	p.said.reset()
	// A worker watches over itself, and says where it got stuck. It is killed
	// when not even that works, or when the user does not want it any more.
	ctx, cancel := context.WithTimeout(ctx, 2*o.Limit)
	defer cancel()
	spare := context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })
	defer spare()

	err := json.NewEncoder(p.orders).Encode(o)
	if err == nil {
		err = p.result.Decode(answer)
	}
	if err == nil {
		return nil
	}
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		p.cmd.Process.Kill() // it lives and talks nonsense; a dying one must not be cut short
	}
	died := p.cmd.Wait()
	p.cmd = nil
	return fmt.Errorf("the process of this run died (%v): %s", errors.Join(died, ctx.Err()), p.said)
}

// hire starts a worker. GOMAXPROCS is 1: a bubble uses one core, and the cores
// are shared out by starting one worker for each.
func (p *place) hire() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), workerMark+"=1", "GOMAXPROCS=1")
	p.said = &lastWords{}
	cmd.Stderr = p.said
	orders, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	results, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	p.cmd, p.orders, p.result = cmd, orders, json.NewDecoder(results)
	return nil
}

// leave ends the worker: it goes when nobody gives orders any more.
func (p *place) leave() {
	if p.cmd != nil {
		p.orders.Close()
		p.cmd.Wait()
		p.cmd = nil
	}
}

// lastWords keeps the beginning of what a worker printed: a panic says first
// what happened, and then, at length, where everybody else was.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

const lastWordsMax = 64 << 10

// Write never fails: a worker that prints too much must not block on it.
func (l *lastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p[:min(len(p), lastWordsMax-len(l.text))]...)
	return len(p), nil
}

func (l *lastWords) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = nil
}

func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// broken is a world in which nothing can be run any more. A run in it is
// unknown, and is recorded like any other.
type broken struct {
	name string
	err  error
}

func (b broken) Name() string { return b.name }

func (b broken) Run(context.Context, world.Spec, world.Hooks, func(context.Context, world.Cluster)) error {
	return b.err
}
