package proxy

import (
	"errors"
	"syscall"
	"time"
)

// openPort opens a port that should be free. A process that is just being
// started holds on, between its fork and its exec, to every socket that this
// one had open at the fork, also to one that is closed by now: for that long
// the port still counts as taken.
func openPort(open func() error) error {
	for until := time.Now().Add(time.Second); ; time.Sleep(time.Millisecond) {
		err := open()
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(until) {
			return err
		}
	}
}
