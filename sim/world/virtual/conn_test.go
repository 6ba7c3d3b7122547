package virtual

import (
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab"
)

func TestAConnectionCarriesBytesBothWays(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		c.send("hel")
		c.send("lo")
		s.receives("hello")
		s.send("world")
		c.receives("world")
		require.Equal(t, "service:7007", c.RemoteAddr().String())
		require.Equal(t, c.LocalAddr(), s.RemoteAddr())
	})
}

// Bytes take time, and come in order however they were written.
func TestBytesKeepTheirOrder(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		var want strings.Builder
		for i := range 200 {
			piece := strings.Repeat(string(rune('a'+i%26)), 1+i%7)
			want.WriteString(piece)
			c.send(piece)
			time.Sleep(time.Duration(i%5) * 100 * time.Microsecond)
		}
		sent := time.Now()
		s.receives(want.String())
		require.NotEqual(t, sent, time.Now(), "the last bytes arrived in the instant in which they were written")
	})
}

func TestCloseIsSeenAfterWhatWasWritten(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		c.send("bye")
		require.NoError(t, c.Close())
		text, err := s.ends()
		require.NoError(t, err)
		require.Equal(t, "bye", text)

		s.send("anybody there?") // nobody, and no error: no half-close through a proxy
		_, err = c.Read(make([]byte, 1))
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = c.Write([]byte("x"))
		require.ErrorIs(t, err, net.ErrClosed)
		require.NoError(t, c.Close(), "twice is once")
	})
}

// Whoever waits for bytes that are under way hears at once of what happens
// meanwhile. Otherwise it would depend on whether its Read came before the Write
// of the same instant.
func TestAReadThatWaitsForBytesUnderWayHearsOfOtherThings(t *testing.T) {
	for _, test := range []struct {
		name string
		does func(end)
		want error
	}{
		{"a deadline", func(c end) { require.NoError(t, c.SetReadDeadline(time.Now())) }, os.ErrDeadlineExceeded},
		{"the end", func(c end) { require.NoError(t, c.Close()) }, net.ErrClosed},
	} {
		t.Run(test.name, func(t *testing.T) {
			onBench(t, func(b *bench) {
				c, s := b.connect()
				began, heard := time.Now(), make(chan error, 1)
				s.send("under way")
				go func() {
					_, err := c.Read(make([]byte, 1))
					heard <- err
				}()
				synctest.Wait() // it has seen when they arrive
				test.does(c)
				require.ErrorIs(t, <-heard, test.want)
				require.Equal(t, began, time.Now())
			})
		})
	}
}

func TestAFullWindowBlocksItsWriter(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		text := strings.Repeat("x", window+1000)
		require.NoError(t, c.SetWriteDeadline(time.Now().Add(long)))
		n, err := io.WriteString(c, text)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, window, n)

		require.NoError(t, c.SetWriteDeadline(time.Time{}))
		done := false
		go func() {
			c.send(text[window:])
			done = true
		}()
		synctest.Wait()
		require.False(t, done, "it did not wait for its reader")
		s.receives(text)
		synctest.Wait()
		require.True(t, done)
	})
}

func TestDeadlines(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		s.send("early")
		time.Sleep(long)
		require.NoError(t, c.SetDeadline(time.Now().Add(-long)))
		_, err := c.Read(make([]byte, 5))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "also where bytes are waiting")
		timeout, ok := err.(net.Error)
		require.True(t, ok && timeout.Timeout(), "what net/http asks for")
		require.NoError(t, c.SetDeadline(time.Time{}))
		c.receives("early")

		// A deadline that is set while a Read waits counts for it.
		go func() {
			time.Sleep(long)
			require.NoError(t, c.SetReadDeadline(time.Now()))
		}()
		require.NoError(t, c.SetReadDeadline(time.Time{}))
		_, err = c.Read(make([]byte, 5))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	})
}

func TestClosingWakesWhoWaits(t *testing.T) {
	onBench(t, func(b *bench) {
		c, _ := b.connect()
		var read, written error
		go func() { _, read = c.Read(make([]byte, 1)) }()
		go func() { _, written = io.WriteString(c, strings.Repeat("x", 2*window)) }()
		synctest.Wait()
		require.NoError(t, c.Close())
		synctest.Wait()
		require.ErrorIs(t, read, net.ErrClosed)
		require.ErrorIs(t, written, net.ErrClosed)
	})
}

func TestDialIsRefused(t *testing.T) {
	onBench(t, func(b *bench) {
		refused := func(why string) {
			t.Helper()
			_, err := b.client.Dial(t.Context(), "service")
			require.ErrorIs(t, err, syscall.ECONNREFUSED, why)
			var op *net.OpError
			require.ErrorAs(t, err, &op)
			require.Equal(t, "dial", op.Op)
		}
		require.NoError(t, b.c.Close(t.Context(), theLink))
		refused("the link is closed")
		require.Equal(t, 1, b.events.refused)

		require.NoError(t, b.c.Open(t.Context(), theLink))
		require.NoError(t, b.ln.Close())
		refused("nobody listens")
		require.Equal(t, 1, b.events.refused, "no fault refused it")
		b.listen()
		_, err := b.service.Listen(thePort)
		require.ErrorIs(t, err, syscall.EADDRINUSE)
		b.connect()

		b.service.die()
		refused("the service is dead")
		b.client.die()
		_, err = b.client.Dial(t.Context(), "service")
		require.ErrorIs(t, err, lab.ErrKilled)
		_, err = b.client.Listen(1)
		require.ErrorIs(t, err, lab.ErrKilled)
	})
}

func TestClosingALinkBreaksItsConnections(t *testing.T) {
	onBench(t, func(b *bench) {
		c, s := b.connect()
		c.send("arrived")
		s.receives("arrived")
		s.send("under way")
		require.NoError(t, b.c.Close(t.Context(), theLink))
		text, err := c.ends()
		require.NoError(t, err)
		require.Empty(t, text, "what had not passed the proxy is lost")
		_, err = s.ends()
		require.NoError(t, err)
	})
}

func TestAClosedListenerTurnsAwayWhoWaits(t *testing.T) {
	onBench(t, func(b *bench) {
		waiting, err := b.client.Dial(t.Context(), "service")
		require.NoError(t, err, "the kernel takes it whether or not the service accepts")
		require.NoError(t, b.ln.Close())
		_, err = b.ln.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = end{t, waiting}.ends()
		require.NoError(t, err)
	})
}

func TestCloseEndsAnAccept(t *testing.T) {
	onBench(t, func(b *bench) {
		var err error
		go func() { _, err = b.ln.Accept() }()
		synctest.Wait()
		require.NoError(t, b.ln.Close())
		synctest.Wait()
		require.ErrorIs(t, err, net.ErrClosed)
	})
}
