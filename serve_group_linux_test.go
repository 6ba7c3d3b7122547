package main

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// inNamespace says that the test binary has a network namespace of its own: a
// loopback, and no way out. There alone a test may send to a group.
const inNamespace = "FAULTLAB_TEST_IN_NAMESPACE"

func TestServeRealGroup(t *testing.T) {
	if os.Getenv(inNamespace) == "" {
		again := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
		again.Env = append(os.Environ(), inNamespace+"=yes")
		again.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
			Pdeathsig:   syscall.SIGKILL,
		}
		said, err := again.CombinedOutput()
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			t.Skipf("this system gives nobody a network namespace (%v), and on a real network no test sends to a group", err)
		}
		require.NoError(t, err, "%s", said)
		return
	}
	setUpLoopback(t)
	testGroup(t, func(at map[string]string) groupSender {
		require.Equal(t, "224.0.0.100:9999", at["client->group"])
		return dialGroup(t, netip.MustParseAddrPort(at["client->group"]))
	}, "-group", "lo")
}

// setUpLoopback does what `ip link set lo up` does: a new namespace has it down.
func setUpLoopback(t *testing.T) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	require.NoError(t, err)
	lo.SetUint16(unix.IFF_UP)
	require.NoError(t, unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo))
}

// toGroup is a socket on the loopback that sends to a group.
type toGroup struct {
	*net.UDPConn
	group netip.AddrPort
}

func (g toGroup) Write(b []byte) (int, error) { return g.WriteToUDPAddrPort(b, g.group) }

func dialGroup(t *testing.T, group netip.AddrPort) groupSender {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	raw, err := conn.SyscallConn()
	require.NoError(t, err)
	var set error
	require.NoError(t, raw.Control(func(fd uintptr) {
		set = unix.SetsockoptInet4Addr(int(fd), unix.IPPROTO_IP, unix.IP_MULTICAST_IF, [4]byte{127, 0, 0, 1})
	}))
	require.NoError(t, set)
	return toGroup{conn, group}
}
