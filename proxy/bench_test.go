package proxy

import (
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// payload is what the benchmarks send, in bytes.
const payload = 64

// ways are those that the benchmarks compare: each dials a service that gives
// back what it gets, directly or through what stands before it.
func ways(b *testing.B) map[string]func() net.Conn {
	udp := newRelayLink(b, Limits{})
	return map[string]func() net.Conn{
		"udp=direct": func() net.Conn { return dialBench(b, "udp", udp.service.LocalAddr().String()) },
		"udp=relay":  func() net.Conn { return dialBench(b, "udp", udp.Addr()) },
		"tcp=direct": func() net.Conn { return dialBench(b, "tcp", echoStreams(b)) },
		"tcp=toxiproxy": func() net.Conn {
			s := NewServer()
			b.Cleanup(func() { require.NoError(b, s.Close()) })
			p, err := s.Add("bench", "127.0.0.1:0", echoStreams(b))
			require.NoError(b, err)
			require.NoError(b, p.Enable(b.Context()))
			return dialBench(b, "tcp", p.Addr())
		},
	}
}

func dialBench(b *testing.B, network, addr string) net.Conn {
	b.Helper()
	c, err := net.Dial(network, addr)
	require.NoError(b, err)
	b.Cleanup(func() { c.Close() })
	return c
}

// echoStreams gives the address of a service that gives back what it gets.
func echoStreams(b *testing.B) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				_, _ = io.Copy(struct{ io.Writer }{c}, struct{ io.Reader }{c}) // without splice: the proxies have none
			})
		}
	})
	b.Cleanup(func() { ln.Close() })
	return ln.Addr().String()
}

// BenchmarkRTT is what a hop adds to an exchange.
func BenchmarkRTT(b *testing.B) {
	for _, name := range []string{"udp=direct", "udp=relay", "tcp=direct", "tcp=toxiproxy"} {
		b.Run(name, func(b *testing.B) {
			c := ways(b)[name]()
			buf := make([]byte, payload)
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if _, err := c.Write(buf); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(c, buf); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
		})
	}
}

// BenchmarkThroughput is how many datagrams a second arrive, of one sender that
// is never so far ahead that a buffer overflows.
func BenchmarkThroughput(b *testing.B) {
	const ahead = 200
	for _, name := range []string{"direct", "relay", "relay with a fault"} {
		b.Run(name, func(b *testing.B) {
			sink, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
			require.NoError(b, err)
			defer sink.Close()
			to := sink.LocalAddr().String()
			if name != "direct" {
				s := NewServer()
				defer s.Close()
				r, err := s.AddPacket("bench", "127.0.0.1:0", to, Limits{})
				require.NoError(b, err)
				require.NoError(b, r.Enable(b.Context()))
				if name == "relay with a fault" {
					_, err := r.Inject(b.Context(), Fault{Kind: "duplicate", Upstream: true, Values: valuesOf(b, attrs{"probability": "1"})})
					require.NoError(b, err)
				}
				to = r.Addr()
			}
			var arrived atomic.Int64
			go func() {
				for buf := make([]byte, payload); ; arrived.Add(1) {
					if _, _, err := sink.ReadFromUDPAddrPort(buf); err != nil {
						return
					}
				}
			}()
			c := dialBench(b, "udp", to)
			buf := make([]byte, payload)
			sent := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				for sent-arrived.Load() > ahead {
					time.Sleep(10 * time.Microsecond)
				}
				if _, err := c.Write(buf); err != nil {
					b.Fatal(err)
				}
				sent++
			}
			b.ReportMetric(float64(arrived.Load())/b.Elapsed().Seconds(), "datagrams/s")
		})
	}
}
