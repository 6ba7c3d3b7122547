package facade

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/world/worldtest"
)

// together sends requests at the same time and returns the answers in the order
// of the requests.
func together(ctx context.Context, env lab.Env, requests ...string) ([]string, error) {
	answers, errs := make([]string, len(requests)), make([]error, len(requests))
	var wg sync.WaitGroup
	for i, r := range requests {
		wg.Go(func() {
			time.Sleep(time.Duration(i)) // no two dials in one instant
			answers[i], errs[i] = labtest.Ask(ctx, env, facade, r)
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("%.80q: %w", requests[i], err)
		}
	}
	return answers, nil
}

// Two attempts at one message are under way at once: the second must find the
// first, and must not be told more than is known. With the original both store.
func TestAttemptsThatOverlap(t *testing.T) {
	const busy = "workload work=30ms path="
	post := func(path, msg string) string {
		return request("POST", path, "key", fmt.Sprintf(`{"msg":"%s"}`, msg))
	}
	for script, path := range map[string]string{busy + "grpc\n": "/grpc_message", busy + "http\n": "/message"} {
		for _, test := range []struct {
			name     string
			variant  lab.Variant
			messages []string
			answers  []string // their statuses, sorted
			log      int
		}{
			{"of one message", hardened(), []string{"a", "a", "a"}, []string{"200", "200", "200"}, 1},
			{"of two with one name", hardened(), []string{"a", "b"}, []string{"200", "409"}, 1},
			{"of one message, in the original", original(), []string{"a", "a", "a"}, []string{"200", "200", "200"}, 3},
		} {
			t.Run(path+" "+test.name, func(t *testing.T) {
				var statuses []string
				result := worldtest.InPlaceOfClient(t, System(), test.variant, script, func(ctx context.Context, env lab.Env) error {
					var requests []string
					for _, msg := range test.messages {
						requests = append(requests, post(path, msg))
					}
					answers, err := together(ctx, env, requests...)
					for _, a := range answers {
						statuses = append(statuses, a[:3])
					}
					return err
				})
				slices.Sort(statuses)
				require.Equal(t, test.answers, statuses)
				require.Len(t, labtest.Values(result.Events, history.Final), test.log)
			})
		}
	}
}

// Messages that were journaled together, in whatever order, come back in the
// order in which the book first showed them.
func TestTheOrderOfTheLogOutlivesItsProcess(t *testing.T) {
	var requests []string
	for i := range 20 {
		requests = append(requests, request("POST", "/grpc_message", fmt.Sprint("key", i), fmt.Sprintf(`{"msg":"m%d"}`, i)))
	}
	get := request("GET", "/grpc_message", "", "")
	var before string
	result := worldtest.InPlaceOfClient(t, System(), hardened(), "when client sends  kill logging for 20ms\n", func(ctx context.Context, env lab.Env) error {
		answers, err := together(ctx, env, requests...)
		if err != nil || slices.ContainsFunc(answers, func(a string) bool { return !strings.HasPrefix(a, "200") }) {
			return fmt.Errorf("%v: %w", answers, err)
		}
		if before, err = labtest.Ask(ctx, env, facade, get); err != nil {
			return err
		}
		env.Record(history.Event{Kind: history.Send}) // the moment of the kill
		return env.AwaitHeal(ctx)
	})
	after := labtest.Values(result.Events, history.Final)
	require.Len(t, after, len(requests))
	require.Equal(t, fmt.Sprintf(`200 {"logs":["%s"],"messages":"%s"}`, strings.Join(after, `","`), notYet), before)
	require.True(t, slices.ContainsFunc(result.Events, func(e history.Event) bool { return e.Kind == history.Kill }))
}

// A disk that takes nothing for a moment: what is answered 503 is not in the
// log, and what comes after it is.
func TestADiskThatIsFull(t *testing.T) {
	var answers []string
	result := worldtest.InPlaceOfClient(t, System(), hardened(), "workload attempts=1\nwhen client sends #1  enospc logging for 50ms\n", func(ctx context.Context, env lab.Env) error {
		env.Record(history.Event{Kind: history.Send})
		for i := range 2 {
			answer, err := labtest.Ask(ctx, env, facade, request("POST", "/grpc_message", fmt.Sprint("key", i), fmt.Sprintf(`{"msg":"m%d"}`, i)))
			if err != nil {
				return err
			}
			answers = append(answers, answer[:3])
			time.Sleep(100 * time.Millisecond) // virtual
		}
		return env.AwaitHeal(ctx)
	})
	require.Equal(t, []string{fmt.Sprint(http.StatusServiceUnavailable), "200"}, answers)
	require.Equal(t, []string{"m1"}, labtest.Values(result.Events, history.Final))
}
