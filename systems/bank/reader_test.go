package bank

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/labtest"
	"faultlab/sim/lab/rpc"
	"faultlab/sim/world/worldtest"
	"faultlab/systems/bank/bankpb"
)

// unread is more answers than the windows of a connection hold.
const unread = 30000

// A reader that does not read is held up, and nobody else is; and the bank does
// not keep for it what it does not take.
func TestADeadReader(t *testing.T) {
	for _, v := range []func() lab.Variant{original, hardened} {
		for name, ask := range map[string]func(context.Context, bankpb.BankServiceClient, int) error{
			"quotes":  askForQuotes,
			"results": askForResults,
		} {
			t.Run(v().Name+" "+name, func(t *testing.T) {
				labtest.TakesNoMemory(t, unread, func(answers int) uint64 { return heapBeside(t, v(), ask, answers) })
			})
		}
	}
}

// heapBeside is how much memory a run holds while a client leaves a number of
// answers unread, and another client is served.
func heapBeside(t *testing.T, v lab.Variant, ask func(context.Context, bankpb.BankServiceClient, int) error, answers int) uint64 {
	var heap uint64
	script := fmt.Sprintf("workload clients=2 quotes=%d tick=1ms call=convert calls=5 every=10ms\nsettle 10m\n", answers)
	result := worldtest.InPlaceOfClient(t, System(), v, script, func(ctx context.Context, env lab.Env) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		conn, err := rpc.Dial(env, bank)
		if err != nil {
			return err
		}
		defer conn.Close()
		if err := ask(ctx, bankpb.NewBankServiceClient(conn), answers); err != nil {
			return err
		}
		heap = labtest.Heap()
		return nil
	})
	served := 0
	for _, e := range result.Events {
		if e.Kind == history.OK && e.Node == "client2" {
			served++
		}
	}
	require.Equal(t, 6, served)
	return heap
}

func askForQuotes(ctx context.Context, c bankpb.BankServiceClient, n int) error {
	if _, err := c.GetStream(ctx, request(1)); err != nil {
		return err
	}
	return lab.Rest(ctx, time.Duration(n)*time.Millisecond+time.Second)
}

// askForResults asks for as long as the bank takes requests.
func askForResults(ctx context.Context, c bankpb.BankServiceClient, n int) error {
	stream, err := c.FullStream(ctx)
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() {
		for range n {
			if err := stream.Send(request(1)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	select {
	case err := <-sent:
		return fmt.Errorf("the bank took all of %d requests, and nobody read a result: %w", n, err)
	case <-time.After(time.Minute):
		return nil
	}
}
