package rpc

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/lab"
)

// ErrNotSent is wrapped by the error of a call that never left its client.
var ErrNotSent = errors.New("nothing was sent")

func notSent(err error) error { return fmt.Errorf("%w: %w", ErrNotSent, err) }

// overloaded is the message of a call that was turned away. A code alone tells
// nothing: RESOURCE_EXHAUSTED is also the answer that is longer than its client
// allows, to a call that was executed.
const overloaded = "the server is overloaded"

func admit(env lab.Env) error {
	if env.Overloaded() {
		return status.Error(codes.ResourceExhausted, overloaded)
	}
	return nil
}

// Refused reports whether the error of a call says that it certainly was not
// executed. All other errors, a deadline above all, leave it open: the answer
// may be what was lost.
func Refused(err error) bool {
	s, _ := status.FromError(err)
	return errors.Is(err, ErrNotSent) || s.Code() == codes.ResourceExhausted && s.Message() == overloaded
}
