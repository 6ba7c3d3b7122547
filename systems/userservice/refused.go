package userservice

import (
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"faultlab/sim/lab/rpc"
)

// errNotSaid says that a message was not sent.
var errNotSaid = errors.New("nothing was said")

// errBusy turns a stream away before anything of it was read.
var errBusy = status.Error(codes.ResourceExhausted, "too many streams of this kind are open; try again")

// refused reports whether the error of a call says that it certainly has done
// nothing: it never left, or the server said so (ABORTED is the hardened
// server's word for that). All other errors leave it open.
func refused(err error) bool {
	return rpc.Refused(err) || errors.Is(err, errNotSaid) || status.Code(err) == codes.Aborted ||
		status.Code(err) == status.Code(errBusy) && status.Convert(err).Message() == status.Convert(errBusy).Message()
}
