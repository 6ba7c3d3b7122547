package labtest

import (
	"context"

	"faultlab/sim/lab"
)

// Forgetful is a role on a disk that says that it has synced, and has not.
func Forgetful(role func(context.Context, lab.Env) error) func(context.Context, lab.Env) error {
	return func(ctx context.Context, env lab.Env) error { return role(ctx, forgetful{env}) }
}

type forgetful struct{ lab.Env }

func (e forgetful) Disk() lab.Disk { return unsynced{e.Env.Disk()} }

type unsynced struct{ lab.Disk }

func (unsynced) Sync(string) error { return nil }

func (unsynced) SyncDir() error { return nil }
