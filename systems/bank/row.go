package bank

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/bank/bankpb"
)

// row is a run of BankGrpcClient4 or 5: a stream to which amounts go one after
// the other. When it breaks, nothing tells which of them the bank has; whoever
// wants the sum begins again, with the first.
type row struct {
	*programs
	lock  *lab.Mutex // guards open
	steps []step     // that were to be sent so far
	open  []step     // of these, those without an outcome

	try  *try
	made int   // tries
	over error // there will be no other try
}

// try is one stream of a row.
type try struct {
	end    func()
	sent   int // how many of the row's amounts
	send   func(*bankpb.ConvertCurrencyRequest) error
	finish func() error // waits for the end of the stream
}

// next is another operation of the row.
func (w *row) next(s step) {
	if w.over != nil {
		err := fmt.Errorf("%w: the stream had broken before", errNotDone)
		if s.op == total {
			err = w.over // the bank may have counted what came before
		}
		w.complete(s, outcome{err: err})
		return
	}
	w.steps = append(w.steps, s)
	w.lock.Lock()
	w.open = append(w.open, s)
	w.lock.Unlock()
	if s.op != total {
		w.env.Printf("Counter = %d", s.seq-s.first)
	}
	if w.over = w.insist(s.last); w.over != nil {
		w.completeOpen(outcome{err: w.over})
	}
}

// insist pushes until it succeeds or the row's tries are over.
func (w *row) insist(last bool) error {
	for {
		err := w.push(last)
		if err == nil {
			return nil
		}
		w.close()
		if w.made == w.env.Params().Int("attempts") || lab.Rest(w.ctx, w.env.Params().Duration("pause")) != nil {
			return err
		}
	}
}

// push sends what this try has not sent yet, and ends the stream after the last.
func (w *row) push(last bool) error {
	if w.try == nil {
		w.made++
		if err := w.begin(); err != nil {
			return err
		}
	}
	for ; w.try.sent < len(w.steps); w.try.sent++ {
		s := w.steps[w.try.sent]
		if s.op == total {
			continue
		}
		if err := w.try.send(s.documented()); err != nil {
			return fmt.Errorf("the stream broke: %w", err)
		}
	}
	if !last {
		return nil
	}
	if err := w.try.finish(); err != nil {
		return fmt.Errorf("the stream broke: %w", err)
	}
	w.env.Printf("END")
	return nil
}

// begin opens a stream of the row's model.
func (w *row) begin() error {
	channel, err := rpc.Dial(w.env, bank, rpc.DialItems(w.env, bank, items(w.env.Params())))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(w.ctx) // no deadline
	end := func() {
		cancel()
		channel.Close()
	}
	client := bankpb.NewBankServiceClient(channel)
	if w.steps[0].op == full {
		stream, err := client.FullStream(ctx)
		if err != nil {
			end()
			return err
		}
		w.try = w.converse(stream, end)
		return nil
	}
	stream, err := client.PerformStream(ctx)
	if err != nil {
		end()
		return err
	}
	w.try = w.deposit(stream, end)
	return nil
}

// deposit makes a try of a performStream: one answer, for all.
func (w *row) deposit(stream grpc.ClientStreamingClient[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse], end func()) *try {
	finish := func() error {
		r, err := stream.CloseAndRecv()
		if err != nil {
			return err
		}
		w.env.Printf("result: %v", r.GetResult())
		w.completeOpen(outcome{answer: resultText(r.GetResult())})
		return nil
	}
	return &try{end: end, send: stream.Send, finish: finish}
}

// converse makes a try of a fullStream. Its replies come at any time; what the
// n-th answers is the n-th amount, for there is nothing else to go by.
func (w *row) converse(stream grpc.BidiStreamingClient[bankpb.ConvertCurrencyRequest, bankpb.ConvertCurrencyResponse], end func()) *try {
	var broke error
	first := w.steps[0].seq
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := int64(0); ; n++ {
			r, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				broke = err
				return
			}
			w.env.Printf("result: %v", r.GetResult())
			w.answered(first+n, resultText(r.GetResult()))
		}
	}()
	stop := func() {
		end()
		<-done
	}
	finish := func() error {
		if err := stream.CloseSend(); err != nil {
			return err
		}
		<-done
		return broke
	}
	return &try{end: stop, send: stream.Send, finish: finish}
}

// answered completes an amount, unless another try had its reply already.
func (w *row) answered(seq int64, answer string) {
	for _, s := range w.take(func(s step) bool { return s.seq == seq }) {
		w.complete(s, outcome{answer: answer})
	}
}

// completeOpen gives all that is open one outcome. Of a sum only the total is
// the answer; a deposit has none of its own.
func (w *row) completeOpen(o outcome) {
	for _, s := range w.take(func(step) bool { return true }) {
		of := o
		if s.op == deposit {
			of.answer = ""
		}
		w.complete(s, of)
	}
}

// take removes from what is open that which is so.
func (w *row) take(so func(step) bool) []step {
	w.lock.Lock()
	defer w.lock.Unlock()
	var taken, left []step
	for _, s := range w.open {
		if so(s) {
			taken = append(taken, s)
		} else {
			left = append(left, s)
		}
	}
	w.open = left
	return taken
}

// close ends the stream, if there is one.
func (w *row) close() {
	if w.try != nil {
		w.try.end()
		w.try = nil
	}
}
