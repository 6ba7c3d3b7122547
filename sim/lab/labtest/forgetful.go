package labtest

import "faultlab/sim/lab"

// Forgetful is an Env whose disk says that it has synced, and has not.
func Forgetful(env lab.Env) lab.Env { return forgetful{env} }

type forgetful struct{ lab.Env }

func (e forgetful) Disk() lab.Disk { return unsynced{e.Env.Disk()} }

type unsynced struct{ lab.Disk }

func (unsynced) Sync(string) error { return nil }

func (unsynced) SyncDir() error { return nil }
