package chat

import (
	"context"
	"errors"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// livesFile has a record for each time that a program was started on a machine:
// the name of who did.
const livesFile = "lives.journal"

// countLife gives the epoch of a program that starts: how many there were on its
// machine, and itself. It is on disk before it is used, so none has it again.
func countLife(ctx context.Context, env lab.Env, person string) (epoch int64, err error) {
	j, lives, err := journal.Open(ctx, env, livesFile)
	if err != nil {
		return 0, err
	}
	for {
		err := j.Append(ctx, []byte(person))
		if err == nil {
			return int64(len(lives)) + 1, nil
		}
		if errors.Is(err, lab.ErrKilled) {
			return 0, err
		}
		if lab.Rest(ctx, pause) != nil {
			return 0, err
		}
	}
}
