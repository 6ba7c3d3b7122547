//go:build unix

package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"faultlab/sim/lab"
)

// RunIfNode makes this process a node, and ends it with the node, if a live
// run started it as one; else it returns at once. It is called first thing in
// main, and in the TestMain of tests that run labs, with all labs.
func RunIfNode(registry lab.Registry) {
	if os.Getenv(marker) == "" {
		return
	}
	if err := runNode(registry); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// runNode is the life of a node's process. The error is that of one which
// could not become a node at all.
func runNode(registry lab.Registry) error {
	orders := bufio.NewReader(os.NewFile(ordersFD, "orders"))
	var b birth
	if err := receive(orders, &b); err != nil {
		return fmt.Errorf("%s is set, but no runner says what to do (unset it): %w", marker, err)
	}
	role, env, err := born(registry, b)
	if err != nil {
		return err
	}
	// The context ends before what waits for a fault goes on: a stop that is
	// itself the awaited fault must be in force by then.
	ctx, cancel := context.WithCancel(context.Background())
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM)
	go func() {
		<-terminate
		cancel()
		env.gate.letAllGo()
	}()
	go env.obey(orders)
	env.readyIfOpen()

	err = role(ctx, env)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // it ended because it was told to
	}
	end := exit{}
	if err != nil {
		end.Err = err.Error()
	}
	return env.reports.sendLast(report{Exit: &end})
}

type role = func(context.Context, lab.Env) error

// born looks up what the node is to run and builds its Env.
func born(registry lab.Registry, b birth) (role, *env, error) {
	system, ok := registry.Lookup(b.System)
	if !ok {
		return nil, nil, fmt.Errorf("lab %q is not registered in this program; give RunIfNode all labs", b.System)
	}
	variant, ok := system.Variant(b.Variant)
	if !ok {
		return nil, nil, fmt.Errorf("lab %s has no variant %q", b.System, b.Variant)
	}
	params, err := system.Params.Parse(b.Params)
	if err != nil {
		return nil, nil, fmt.Errorf("parameters of %s: %w", b.System, err)
	}
	for _, n := range system.Nodes(params) {
		if n.Name == b.Node {
			env, err := newEnv(n, params, b)
			return variant.Roles[n.Role], env, err
		}
	}
	return nil, nil, fmt.Errorf("lab %s has no node %q", b.System, b.Node)
}

// obey carries out orders until they end, which they do with the runner: its
// nodes end with it.
func (e *env) obey(orders *bufio.Reader) {
	for {
		var o order
		if receive(orders, &o) != nil {
			os.Exit(1)
		}
		switch {
		case o.Go != 0:
			e.gate.letGo(o.Go)
		case o.Set != nil:
			e.inside.Set(*o.Set)
		case o.Clear != nil:
			e.inside.Clear(*o.Clear)
		case o.Unwatch != "":
			e.gate.unwatch(o.Unwatch)
		case o.Healed:
			e.heal()
		}
		if o.ID != 0 {
			e.answer(o.ID)
		}
	}
}
