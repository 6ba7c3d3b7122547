package userservice

import (
	"google.golang.org/grpc"

	"faultlab/sim/lab"
)

// mostStreams is how many streams of each method may be open.
const mostStreams = 100

// quota bounds the streams of the hardened server. They hold no workers: those
// are for calls that come to an end by themselves. And one more than the quota
// is turned away, not kept waiting: whoever waits behind a stream may wait for
// ever.
type quota struct {
	lock *lab.Mutex // held for no time
	open map[string]int
}

func newQuota() quota { return quota{lab.NewMutex(), map[string]int{}} }

// add adds a stream of a method, or -1 of them, and reports whether there is
// room for it.
func (q quota) add(method string, n int) bool {
	q.lock.Lock()
	defer q.lock.Unlock()
	if q.open[method]+n > mostStreams {
		return false
	}
	q.open[method] += n
	return true
}

func (q quota) streaming() grpc.ServerOption {
	return grpc.ChainStreamInterceptor(func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		if !q.add(info.FullMethod, 1) {
			return errBusy
		}
		defer q.add(info.FullMethod, -1)
		return next(srv, stream)
	})
}
