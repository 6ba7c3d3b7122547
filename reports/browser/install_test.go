package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

// browser gives the path of a browser, and installs Debian's where there is
// none and it may; else it says why there is none to test with.
var browser = sync.OnceValues(func() (program, why string) {
	if program = installed(); program != "" {
		return program, ""
	}
	err := install()
	if program = installed(); program != "" {
		return program, ""
	}
	return "", fmt.Sprintf("no chromium or chrome on this machine, and Debian's package could not be installed (%v): install one to look at the reports in it", err)
})

// installed finds a browser; empty: there is none.
func installed() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	return ""
}

// patient is how long the package may take to come.
const patient = 4 * time.Minute

// install takes Debian's package, as whoever may: on a machine that is somebody's
// own, and has no root for the asking, nothing is installed.
func install() error {
	if os.Geteuid() != 0 {
		return errors.New("only root may")
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "installing chromium with", apt)
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	for _, args := range [][]string{{"update", "-q"}, {"install", "-q", "-y", "--no-install-recommends", "chromium"}} {
		cmd := exec.CommandContext(ctx, apt, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %s: %w: %.500s", args[0], err, out[max(0, len(out)-500):])
		}
	}
	return nil
}
