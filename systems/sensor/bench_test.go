package sensor

import (
	"context"
	"maps"

	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/worldtest"
)

// bench is one at which the disk of the collector's machine can be broken.
type bench struct {
	*worldtest.Bench
	inside *world.Inside
	disk   lab.Disk // of that machine; faults can be put into it
	torn   bool     // a tear has hit
	faults int
}

// onBench is worldtest.OnBench. roles replace those of the hardened variant.
func onBench(roles map[string]func(context.Context, lab.Env) error, f func(context.Context, *bench) error) error {
	variant := hardened()
	maps.Copy(variant.Roles, roles)
	return worldtest.OnBench(System(), variant, func(ctx context.Context, on *worldtest.Bench) error {
		b := &bench{Bench: on}
		b.restart()
		return f(ctx, b)
	})
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
