//go:build !unix

package live

import (
	"context"
	"errors"

	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// New gives a world that cannot run: it needs signals and inherited pipes.
func New(Options) world.World { return unsupported{} }

// RunIfNode returns at once: no process of this system is a node.
func RunIfNode(lab.Registry) {}

// Serve cannot serve.
func Serve(context.Context, world.Spec, Service) error {
	return errors.New("labs are served as processes, which needs a Unix (Linux, macOS)")
}

type unsupported struct{}

func (unsupported) Name() string { return "live" }

func (unsupported) Run(context.Context, world.Spec, world.Hooks, func(context.Context, world.Cluster)) error {
	return errors.New("the live world needs a Unix (Linux, macOS); run this scenario with -world virtual")
}
