package sensor

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

// bench is the lab in the virtual world, with nothing running but what a test
// starts.
type bench struct {
	world.Cluster
	inside *world.Inside
	disk   lab.Disk // of the collector's machine; faults can be put into it
	torn   bool     // a tear has hit
	faults int

	mu     sync.Mutex
	events []history.Event
	exited map[string]error
}

// onBench runs f in virtual time. roles replace those of the hardened variant.
// f must not draw from rapid or fail a test: it runs in a bubble, which catches
// panics. It returns what is wrong.
func onBench(roles map[string]func(context.Context, lab.Env) error, f func(context.Context, *bench) error) error {
	system, variant := System(), hardened()
	for role, run := range roles {
		variant.Roles[role] = run
	}
	sc, err := scenarios.Parse("", "bench", []byte("system sensor\n"), world.Vocabulary(lab.Register(system)))
	if err != nil {
		return err
	}
	b := &bench{exited: map[string]error{}}
	var wrong error
	err = virtual.New().Run(context.Background(), world.Spec{System: system, Variant: &variant, Scenario: sc, Seed: 1}, b,
		func(ctx context.Context, c world.Cluster) {
			b.Cluster = c
			b.restart()
			wrong = f(ctx, b)
		})
	return errors.Join(wrong, err)
}

// restart gives the collector's machine a process without any fault in it.
func (b *bench) restart() {
	b.torn = false
	b.inside = world.NewInside(nil, func(int) {}, func() { b.torn = true })
	b.disk = b.inside.Disk(b.Disk(core))
}

// fault breaks the disk until it is mended.
func (b *bench) fault(name string) {
	b.faults++
	b.inside.Set(world.InsideFault{ID: b.faults, Name: name, Seed: uint64(b.faults)})
}

func (b *bench) mend() { b.mender()() }

// mender mends the disk of the process of now, whenever it is called.
func (b *bench) mender() func() {
	inside, faults := b.inside, b.faults
	return func() {
		for id := range faults {
			inside.Clear(id + 1)
		}
	}
}

// The bench is its cluster's hooks, and only remembers.

func (b *bench) Record(e history.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
}

func (b *bench) Exited(node string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exited[node] = err
}

func (*bench) Waiting(string) {}

func (*bench) Met(string, int) {}

func (*bench) Refused(string) {}

// play starts a node and waits until its role returns.
func (b *bench) play(ctx context.Context, node string) error {
	if err := b.Start(ctx, node, world.Boot{Incarnation: 1}); err != nil {
		return err
	}
	for {
		b.mu.Lock()
		err, ended := b.exited[node]
		b.mu.Unlock()
		if ended {
			return err
		}
		time.Sleep(time.Millisecond) // virtual
	}
}
