package echo

import (
	"context"
	"errors"
	"fmt"
)

// errNotSent is wrapped by the error of a message that never left the client:
// there was no connection.
var errNotSent = errors.New("nothing was sent")

// teller is a channel that can send a message without an answer. All of HTTP's
// have one.
type teller interface {
	// tell returns when the protocol has taken the message.
	tell(ctx context.Context, m message) error
}

func notSent(err error) error { return fmt.Errorf("%w: %w", errNotSent, err) }
