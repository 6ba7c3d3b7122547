package worldtest

import (
	"context"
	"errors"
	"sync"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

// Bench is a lab in the virtual world, with nothing running but what a test
// starts. It is an Observer of the lab.
type Bench struct {
	world.Cluster
	ended *ended
}

// OnBench runs f in virtual time; the lab's parameters have their defaults. f must
// not draw from rapid or fail a test: it runs in a bubble, which catches panics.
// The error is what is wrong.
func OnBench(system *lab.System, v lab.Variant, f func(context.Context, *Bench) error) error {
	params, err := system.Params.Parse(nil)
	if err != nil {
		return err
	}
	spec := world.Spec{System: system, Variant: &v, Scenario: &scenarios.Scenario{Params: params}, Seed: 1}
	nodes := &ended{with: map[string]error{}}
	var wrong error
	err = virtual.New().Run(context.Background(), spec, nodes, func(ctx context.Context, c world.Cluster) {
		wrong = f(ctx, &Bench{Cluster: c, ended: nodes})
	})
	return errors.Join(wrong, err)
}

// Play starts a node and waits until its role returns, with what it returns.
func (b *Bench) Play(ctx context.Context, node string) error {
	if err := b.Start(ctx, node, world.Boot{Incarnation: 1}); err != nil {
		return err
	}
	for {
		if err, ended := b.ended.of(node); ended {
			return err
		}
		time.Sleep(time.Millisecond) // virtual
	}
}

// Console is empty: nobody reads what is printed.
func (*Bench) Console(string) []string { return nil }

// ended is the Hooks of a bench. It only remembers which nodes ended, and with
// what.
type ended struct {
	mu   sync.Mutex
	with map[string]error
}

func (e *ended) of(node string) (err error, ended bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	err, ended = e.with[node]
	return err, ended
}

func (e *ended) Exited(node string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.with[node] = err
}

func (*ended) Record(history.Event) {}

func (*ended) Waiting(string) {}

func (*ended) Met(string, int) {}

func (*ended) Refused(string) {}
