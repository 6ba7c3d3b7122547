//go:build unix

package live

import "golang.org/x/sys/unix"

// monotonic reads the clock that all processes of a machine share, in
// nanoseconds. Go's own monotonic readings do not leave their process.
func monotonic() int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		panic("live: this system has no monotonic clock: " + err.Error())
	}
	return ts.Nano()
}
