package userservice

import (
	"context"
	"net"
	"os"
	"path/filepath"
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
	"faultlab/systems/userservice/userpb"
)

// A member who does not read costs the server a place in the room, however much
// is said: ten times the messages add less than a fifth to its heap.
func TestSlowReaderCostsNoMemory(t *testing.T) {
	few, many := heapAfter(t, 200), heapAfter(t, 2000)
	t.Logf("%d bytes, then %d", few, many)
	require.Less(t, float64(many), 1.2*float64(few))
}

// heapAfter says so many messages of 4 KiB while somebody does not read, and
// returns how large the heap is then.
func heapAfter(t *testing.T, messages int) uint64 {
	env := &host{disk: files{dir: t.TempDir()}, conns: make(chan net.Conn), closed: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- hardenedServer(ctx, env) }()
	defer func() {
		cancel()
		require.NoError(t, <-ended)
	}()

	enter := func(member string) grpc.BidiStreamingClient[userpb.ChatMessage, userpb.ChatMessage] {
		conn, err := grpc.NewClient("passthrough:///server", grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) {
				near, far := net.Pipe()
				env.conns <- far
				return near, nil
			}))
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
	runtime.GC()
	runtime.GC() // what had a finalizer goes only now
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	runtime.KeepAlive(dead)
	return stats.HeapAlloc
}

// host is the Env of a server that records nothing: its heap is its own.
type host struct {
	lab.Env
	disk   files
	conns  chan net.Conn
	closed chan struct{}
}

func (h *host) Node() lab.Node { return lab.Node{Name: server} }

func (h *host) Params() lab.Params {
	p, err := System().Params.Parse(nil)
	if err != nil {
		panic(err)
	}
	return p
}

func (h *host) Listen(int) (net.Listener, error) { return h, nil }
func (h *host) Disk() lab.Disk                   { return h.disk }
func (h *host) Now() time.Time                   { return time.Time{} }
func (h *host) Printf(string, ...any)            {}
func (h *host) Record(history.Event)             {}
func (h *host) Overloaded() bool                 { return false }

// Accept, Close and Addr make it a listener as well.
func (h *host) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

func (h *host) Close() error {
	select {
	case <-h.closed:
	default:
		close(h.closed)
	}
	return nil
}

func (h *host) Addr() net.Addr { return &net.TCPAddr{} }

// files is a disk of real files, which are not in the heap. It has what a
// journal needs, and no syncs: nobody pulls the plug here.
type files struct {
	lab.Disk
	dir string
}

func (d files) path(name string) string { return filepath.Join(d.dir, name) }

func (d files) Append(name string, data []byte) error {
	f, err := os.OpenFile(d.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(data)
	return err
}

func (d files) ReadAt(name string, p []byte, off int64) (int, error) {
	f, err := os.Open(d.path(name))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, off)
}

func (d files) Read(name string) ([]byte, error)    { return os.ReadFile(d.path(name)) }
func (d files) Rename(from, to string) error        { return os.Rename(d.path(from), d.path(to)) }
func (d files) Remove(name string) error            { return os.Remove(d.path(name)) }
func (d files) Truncate(name string, n int64) error { return os.Truncate(d.path(name), n) }
func (d files) Sync(string) error                   { return nil }
func (d files) SyncDir() error                      { return nil }
