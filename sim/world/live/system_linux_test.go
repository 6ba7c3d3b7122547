package live

import (
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWaits(t *testing.T) {
	start := func(script string) int {
		cmd := exec.Command("sh", "-c", script)
		in, err := cmd.StdinPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		t.Cleanup(func() {
			in.Close()
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
		return cmd.Process.Pid
	}
	reader := start("read line")
	require.Eventually(t, func() bool { return waits(reader) }, time.Minute, time.Millisecond)
	busy := start("while :; do :; done")
	twice := func() bool { first := waits(busy); return first && waits(busy) }
	require.Never(t, twice, 50*time.Millisecond, time.Millisecond)
	require.True(t, waits(1<<30), "nobody has that number")
}
