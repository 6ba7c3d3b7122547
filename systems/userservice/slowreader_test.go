package userservice

import (
	"context"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/systems/userservice/userpb"
)

// A member who does not read costs the server a place in the room, however much
// is said: ten times the messages add less than a fifth to its heap.
func TestSlowReaderCostsNoMemory(t *testing.T) {
	labtest.TakesNoMemory(t, 200, func(messages int) uint64 { return heapAfter(t, messages) })
}

// heapAfter says so many messages of 4 KiB while somebody does not read, and
// returns how large the heap is then.
func heapAfter(t *testing.T, messages int) uint64 {
	env := host{disk: labtest.Folder(t.TempDir()), port: labtest.NewPort()}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- hardenedServer(ctx, env) }()
	defer func() {
		cancel()
		require.NoError(t, <-ended)
	}()

	enter := func(member string) grpc.BidiStreamingClient[userpb.ChatMessage, userpb.ChatMessage] {
		conn, err := grpc.NewClient("passthrough:///server", grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return env.port.Dial(ctx) }))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, conn.Close()) })
		stub := userpb.NewUserServiceClient(conn)
		var stream grpc.BidiStreamingClient[userpb.ChatMessage, userpb.ChatMessage]
		require.Eventually(t, func() bool { // until the journals are read
			stream, err = stub.Chat(metadata.AppendToOutgoingContext(ctx, memberKey, member, afterKey, "0"))
			require.NoError(t, err)
			require.NoError(t, stream.Send(&userpb.ChatMessage{UserId: member, Message: "Hello", Seq: 1}))
			_, err = stream.Recv()
			return err == nil
		}, time.Minute, time.Millisecond)
		return stream
	}
	dead := enter("dead")
	speaker := enter("speaker")
	for seq := range messages {
		message := &userpb.ChatMessage{UserId: "speaker", Message: strings.Repeat("x", 4<<10), Seq: int64(seq) + 2}
		require.NoError(t, speaker.Send(message))
		for heard := int64(0); heard < message.Seq; { // the first answers are of what was said before
			in, err := speaker.Recv()
			require.NoError(t, err)
			if in.GetSender() == message.UserId {
				heard = in.GetSeq()
			}
		}
	}
	heap := labtest.Heap()
	runtime.KeepAlive(dead)
	return heap
}

// host is the Env of a server that records nothing: its heap is its own.
type host struct {
	lab.Env
	disk lab.Disk
	port *labtest.Port
}

func (h host) Node() lab.Node { return lab.Node{Name: server} }

func (h host) Params() lab.Params {
	p, err := System().Params.Parse(nil)
	if err != nil {
		panic(err)
	}
	return p
}

func (h host) Listen(int) (net.Listener, error) { return h.port, nil }
func (h host) Disk() lab.Disk                   { return h.disk }
func (h host) Now() time.Time                   { return time.Time{} }
func (h host) Printf(string, ...any)            {}
func (h host) Record(history.Event)             {}
func (h host) Overloaded() bool                 { return false }
