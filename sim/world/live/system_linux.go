package live

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// executable is this very program, also when its file was replaced or removed
// since it started, as go run does at the end.
func executable() (string, error) { return "/proc/self/exe", nil }

// attributes keep a node out of the way of Ctrl-C, which reaches the whole
// foreground group, and end it with its runner even if it is stopped and
// cannot see its orders end. The latter goes by the thread that started it; Go
// ends a thread only under a goroutine that is locked to it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// awaitStopped returns once a stop signal has taken effect, or the process is
// dead. The signal alone is only a request: threads on other processors run on
// for a moment, and what they record would lie after the pause.
func awaitStopped(pid int) error {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WSTOPPED, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.ECHILD):
			return nil
		default:
			return err
		}
	}
}

// waits reports whether all threads of a process sleep, or it is gone. One that
// could run does not, nor one that waits for its disk. See proc(5).
func waits(pid int) bool {
	threads := fmt.Sprintf("/proc/%d/task", pid)
	all, err := os.ReadDir(threads)
	if err != nil {
		return true
	}
	for _, thread := range all {
		stat, err := os.ReadFile(threads + "/" + thread.Name() + "/stat")
		if err != nil {
			continue // it has just ended
		}
		// NUMBER (NAME) STATE …, and a name may have parentheses, too.
		_, state, _ := bytes.Cut(stat[bytes.LastIndexByte(stat, ')')+1:], []byte(" "))
		if bytes.HasPrefix(state, []byte("R")) || bytes.HasPrefix(state, []byte("D")) {
			return false
		}
	}
	return true
}
