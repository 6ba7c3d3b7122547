package udpecho

import (
	"context"
	"net"
	"testing"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

func TestMain(m *testing.M) { worldtest.Main(m, System()) }

// inPlaceOfTheClient runs a variant's server in the virtual world, with f in place
// of the client, and gives the messages that are in the log then.
func inPlaceOfTheClient(t testing.TB, v lab.Variant, f func(net.Conn) error) []history.Event {
	t.Helper()
	result := worldtest.InPlaceOfClient(t, System(), v, "settle 100ms\n", func(ctx context.Context, env lab.Env) error {
		conn, err := env.DialPacket(ctx, server)
		if err != nil {
			return err
		}
		defer conn.Close()
		return f(conn)
	})
	return labtest.Of(result.Events, history.Final)
}

// answers sends a datagram and gives all that comes back.
func answers(conn net.Conn, datagram []byte) (all [][]byte, err error) {
	if _, err := conn.Write(datagram); err != nil {
		return nil, err
	}
	if err := conn.SetReadDeadline(ahead(50 * time.Millisecond)); err != nil { // more than it takes there
		return nil, err
	}
	for {
		b := make([]byte, 1<<16)
		n, err := conn.Read(b)
		if late(err) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, b[:n])
	}
}
