package journal_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/world"
)

// file is the journal's.
const file = "log"

// host is the Env of which a journal needs something.
type host struct {
	lab.Env
	disk lab.Disk
}

func (h host) Disk() lab.Disk { return h.disk }

func (h host) Printf(string, ...any) {}

// single is a lab of one node, without a link to it.
func single(role func(context.Context, lab.Env) error) world.Spec {
	return world.Spec{
		System: &lab.System{
			Name:  "single",
			Nodes: func(lab.Params) []lab.Node { return []lab.Node{{Name: "writer", Role: "writer", Host: "core"}} },
			Links: func(lab.Params) []lab.Link { return nil },
		},
		Variant:  &lab.Variant{Name: "hardened", Roles: map[string]func(context.Context, lab.Env) error{"writer": role}},
		Scenario: &scenarios.Scenario{},
		Seed:     1,
	}
}

// deaf is the Hooks of a cluster to which nobody listens.
type deaf struct{}

func (deaf) Record(history.Event) {}
func (deaf) Exited(string, error) {}
func (deaf) Waiting(string)       {}
func (deaf) Met(string, int)      {}
func (deaf) Refused(string)       {}

// onDisk runs f in a world, with the disk of a machine there. In the virtual
// one it must not fail a test: that ends its goroutine, and the bubble breaks.
func onDisk(w world.World, f func(context.Context, lab.Disk) error) error {
	var wrong error
	err := w.Run(context.Background(), single(nil), deaf{}, func(ctx context.Context, c world.Cluster) {
		wrong = f(ctx, c.Disk("core"))
	})
	return errors.Join(wrong, err)
}

// reopened gives the records that a journal has when it is opened again, as
// text.
func reopened(ctx context.Context, disk lab.Disk) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // of virtual time
	defer cancel()
	_, records, err := journal.Open(ctx, host{disk: disk}, file)
	texts := make([]string, len(records))
	for i, r := range records {
		texts[i] = string(r)
	}
	return texts, err
}

// equal is require.Equal for where a test may not fail.
func equal(what string, want, got any) error {
	if w, g := fmt.Sprintf("%#v", want), fmt.Sprintf("%#v", got); w != g {
		return fmt.Errorf("%s: want %s, got %s", what, w, g)
	}
	return nil
}

func TestOpenRefusesANameThatNoFileHas(t *testing.T) {
	for _, name := range []string{"", "..", "a/b", string(make([]byte, 3))} {
		_, _, err := journal.Open(t.Context(), host{}, name)
		require.ErrorContains(t, err, "open journal")
	}
}
