//go:build unix

package main

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// groupSender is a socket whose datagrams go to a group.
type groupSender interface {
	io.ReadWriter
	SetReadDeadline(time.Time) error
}

// A group has one way in for all its members, and each can lose what the others
// get.
func TestServeGroup(t *testing.T) {
	t.Parallel()
	testGroup(t, func(at map[string]string) groupSender {
		conn, err := net.Dial("udp", at["client->group"])
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		return conn
	}, "-port", "9999=0")
}

func testGroup(t *testing.T, dial func(at map[string]string) groupSender, flags ...string) {
	for variant, test := range map[string]func(*testing.T, *child, groupSender, map[string]string){
		"original": originalHears,
		"hardened": hardenedHears,
	} {
		t.Run(variant, func(t *testing.T) {
			c, at := startServe(t, append(flags, "multicast/"+variant)...)
			test(t, c, dial(at), at)
			require.NoError(t, c.cmd.Process.Signal(os.Interrupt))
			require.Equal(t, exitOK, c.ends(), c.said)
			c.leavesNothing()
		})
	}
}

// originalHears sends a message to two receivers, and one that only the first is
// to have.
func originalHears(t *testing.T, c *child, group groupSender, at map[string]string) {
	say := func(text string) {
		_, err := io.WriteString(group, text)
		require.NoError(t, err)
	}
	var who []string
	heard := func() {
		c.reads(" | Multicast from 127.")
		name, _, _ := strings.Cut(c.said[len(c.said)-1], " |")
		who = append(who, name)
	}
	say("Multicast message 0")
	heard()
	heard()
	require.ElementsMatch(t, []string{"receiver", "receiver2"}, who)

	status, answer, err := post("http://"+at["api"]+"/proxies/group-%3Ereceiver2/toxics", `{"name": "deaf", "type": "loss", "stream": "upstream", "attributes": {"probability": 100}}`)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, answer)
	say("Multicast message 1")
	heard()
	say("Multicast message 2")
	heard()
	require.Equal(t, []string{"receiver", "receiver"}, who[2:])
}

// hardenedHears sends a heartbeat, which each receiver answers to who sent it.
func hardenedHears(t *testing.T, _ *child, group groupSender, _ map[string]string) {
	heartbeat := make([]byte, 40) // as in the lab's README
	heartbeat[0], heartbeat[1] = 0xff, 2
	copy(heartbeat[4:], "sender")
	binary.BigEndian.PutUint64(heartbeat[20:], 1)
	binary.BigEndian.PutUint32(heartbeat[36:], crc32.ChecksumIEEE(heartbeat[:36]))
	_, err := group.Write(heartbeat)
	require.NoError(t, err)
	require.NoError(t, group.SetReadDeadline(time.Now().Add(time.Minute)))
	for range 2 {
		answer := make([]byte, 100)
		n, err := group.Read(answer)
		require.NoError(t, err)
		require.Equal(t, 48, n)
		require.Equal(t, []byte{0xff, 3}, answer[:2], "it wants the first message")
	}
}

func TestServeGroupUsage(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no group":       {[]string{"-group", "lo", "sensor"}, "lab sensor has no multicast group"},
		"no network":     {[]string{"-group", "no-such-net", "multicast"}, "this machine has lo"},
		"for the seated": {[]string{"-group", "lo", "-as", "client", "greeting"}, "leave out -as"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, said := faultlab(t, append([]string{"serve"}, test.args...)...)
			require.Equal(t, exitUsage, code)
			require.Contains(t, said, test.want)
		})
	}
}
