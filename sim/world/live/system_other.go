//go:build unix && !linux

package live

import (
	"os"
	"syscall"
)

func executable() (string, error) { return os.Executable() }

// attributes keep a node out of the way of Ctrl-C. Should its runner die while
// it is stopped, its process group is orphaned, and the system continues it.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// awaitStopped does not wait: here the one way to see a child stop is to wait
// for its end too, and that belongs to who started it.
func awaitStopped(int) error { return nil }

// waits does not know: here a process tells nobody of its threads.
func waits(int) bool { return true }
