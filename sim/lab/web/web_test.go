package web_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/lab/web"
)

// serving runs a server in a bubble, f besides it, and ends both.
func serving(t *testing.T, handle http.HandlerFunc, f func(t *testing.T, service, client *host)) {
	synctest.Test(t, func(t *testing.T) {
		p := labtest.NewPort()
		service, client := newHost("service", p), newHost("client", p)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan error, 1)
		go func() { ended <- web.Serve(ctx, service, 80, &http.Server{Handler: handle}) }()
		f(t, service, client)
		cancel()
		require.NoError(t, <-ended, "a server that is asked to end has not failed")
	})
}

func hello(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		_, _ = w.Write(append([]byte("hello "), body...))
	}
}

func TestExchangeRecordsBothMessages(t *testing.T) {
	serving(t, hello, func(t *testing.T, _, client *host) {
		c := web.Client(client, "service", false, time.Second)
		status, text, err := web.Exchange(t.Context(), client, c, "service", strings.NewReader("paul"), history.Event{Source: "s", Seq: 3, ID: "id-1"})
		require.NoError(t, err)
		require.Equal(t, "200 OK", status)
		require.Equal(t, "hello paul", text)
		require.Equal(t, []history.Event{
			{Kind: history.Send, Op: "POST", Source: "s", Seq: 3, ID: "id-1", Link: "client->service", Msg: "POST id-1"},
			{Kind: history.Recv, Op: "POST", Source: "s", Seq: 3, ID: "id-1", Link: "client->service", Msg: "re POST id-1", Value: "hello paul", Detail: "200 OK"},
		}, client.Events)
	})
}

func TestAnOverloadedServerDoesNothing(t *testing.T) {
	asked := 0
	serving(t, func(http.ResponseWriter, *http.Request) { asked++ }, func(t *testing.T, service, client *host) {
		service.Busy = true
		c := web.Client(client, "service", false, time.Second)
		status, _, err := web.Exchange(t.Context(), client, c, "service", http.NoBody, history.Event{})
		require.NoError(t, err)
		require.Equal(t, "503 Service Unavailable", status)
		require.Zero(t, asked)
	})
}

func TestExchangeRecordsOnlyWhatHappened(t *testing.T) {
	for _, tc := range []struct {
		name   string
		handle http.HandlerFunc
		down   bool
		says   string
		kinds  []history.Kind
	}{
		{"refused: nothing was sent", hello, true, "closed", nil},
		{"broken before the answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, "EOF", []history.Kind{history.Send}},
		{"broken in the answer", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, false, "read the answer of service", []history.Kind{history.Send}},
		{"longer than anybody wants", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20+1))
		}, false, "read the answer of service", []history.Kind{history.Send}},
		{"as long as allowed", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		}, false, "", []history.Kind{history.Send, history.Recv}},
		{"too late", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, false, "deadline exceeded", []history.Kind{history.Send}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			serving(t, tc.handle, func(t *testing.T, _, client *host) {
				if tc.down {
					client.Port = labtest.NewPort()
					require.NoError(t, client.Port.Close())
				}
				c := web.Client(client, "service", false, time.Second)
				_, _, err := web.Exchange(t.Context(), client, c, "service", http.NoBody, history.Event{})
				if tc.says == "" {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, tc.says)
				}
				var kinds []history.Kind
				for _, e := range client.Events {
					kinds = append(kinds, e.Kind)
				}
				require.Equal(t, tc.kinds, kinds)
			})
		})
	}
}

func TestAServerThatCannotGoOnSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := newHost("service", labtest.NewPort())
		require.NoError(t, service.Port.Close())
		require.ErrorIs(t, web.Serve(t.Context(), service, 80, &http.Server{Handler: http.HandlerFunc(hello)}), net.ErrClosed)
	})
}

func TestAServersLogIsTheNodesConsole(t *testing.T) {
	serving(t, func(http.ResponseWriter, *http.Request) { panic("out of paper") }, func(t *testing.T, service, client *host) {
		c := web.Client(client, "service", false, time.Second)
		_, _, err := web.Exchange(t.Context(), client, c, "service", http.NoBody, history.Event{})
		require.Error(t, err)
		synctest.Wait()
		require.NotEmpty(t, service.lines)
		require.Contains(t, service.lines[0], "out of paper")
	})
}

func TestClientKeepsItsConnectionOnlyIfAsked(t *testing.T) {
	for keep, want := range map[bool]int{false: 3, true: 1} {
		serving(t, hello, func(t *testing.T, _, client *host) {
			c := web.Client(client, "service", keep, time.Second)
			for range 3 {
				_, _, err := web.Exchange(t.Context(), client, c, "service", http.NoBody, history.Event{})
				require.NoError(t, err)
			}
			c.CloseIdleConnections()
			require.Equal(t, want, client.dials)
		})
	}
}

func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := labtest.NewPort()
		ln := web.OneAtATime(p)
		accepted := make(chan net.Conn)
		var ended error
		go func() {
			for {
				c, err := ln.Accept()
				if err != nil {
					ended = err
					close(accepted)
					return
				}
				accepted <- c
			}
		}()
		dialled := 0
		for range 2 {
			go func() {
				c, err := p.Dial(t.Context())
				if err == nil {
					dialled++
					c.Close()
				}
			}()
		}
		first := <-accepted
		synctest.Wait()
		require.Equal(t, 1, dialled, "a second connection was taken while the first is open")

		require.NoError(t, first.Close())
		second := <-accepted
		synctest.Wait()
		require.Equal(t, 2, dialled)

		first.Close() // a second Close must not free the place of another
		go func() { _, _ = p.Dial(t.Context()) }()
		synctest.Wait()
		select {
		case <-accepted:
			t.Fatal("the first connection, closed twice, let in a third")
		default:
		}
		require.NoError(t, ln.Close())
		_, open := <-accepted
		require.False(t, open)
		require.ErrorIs(t, ended, net.ErrClosed)
		second.Close()
	})
}

// A failed Accept must not take the only place with it.
func TestOneAtATimeOutlivesAFailedAccept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flaky := &flakyPort{Port: labtest.NewPort(), fail: errors.New("too many open files")}
		ln := web.OneAtATime(flaky)
		_, err := ln.Accept()
		require.ErrorIs(t, err, flaky.fail)
		flaky.fail = nil
		go func() {
			if c, err := flaky.Dial(t.Context()); err == nil {
				c.Close()
			}
		}()
		c, err := ln.Accept()
		require.NoError(t, err)
		require.NoError(t, c.Close())
	})
}

type flakyPort struct {
	*labtest.Port
	fail error
}

func (p *flakyPort) Accept() (net.Conn, error) {
	if p.fail != nil {
		return nil, p.fail
	}
	return p.Port.Accept()
}
