package bank

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/bank/bankpb"
)

// statement asks the bank for its ledger.
func statement(ctx context.Context, o lab.Observer) ([]*bankpb.Line, error) {
	conn, err := rpc.Look(o, bank, port)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	ledger := bankpb.NewLedgerClient(conn)
	var lines []*bankpb.Line
	for {
		page, err := ledger.Statement(ctx, &bankpb.StatementRequest{From: int64(len(lines))})
		if err != nil {
			return nil, fmt.Errorf("ask %s for its ledger: %w", bank, err)
		}
		if len(page.GetLines()) == 0 {
			return lines, nil
		}
		lines = append(lines, page.GetLines()...)
	}
}

// longestPage is how many lines a page of a statement has at most.
const longestPage = 1000

// page is the part of a ledger that is asked for.
func page(lines []*bankpb.Line, r *bankpb.StatementRequest) *bankpb.StatementResponse {
	from := min(max(r.GetFrom(), 0), int64(len(lines)))
	return &bankpb.StatementResponse{Lines: lines[from:min(from+longestPage, int64(len(lines)))]}
}

// account makes out whose the lines of a ledger without numbers are. Of sums it
// has no line; what it says of one is the result of the deposits that stand
// there, all of them, and so a deposit that stands there twice makes it wrong.
func account(p lab.Params, lines []*bankpb.Line) []history.Event {
	type stream struct {
		source string
		first  int64
	}
	sums, ends := map[stream]money{}, map[stream]int{}
	entries := make([]history.Event, len(lines))
	in := make([]*step, len(lines)) // the deposits
	for i, line := range lines {
		entries[i] = history.Event{Op: line.GetOperation(), Value: line.GetText()}
		source, seq, amount, ok := payer(p, line.GetText())
		if !ok {
			continue
		}
		entries[i].Source, entries[i].Seq = source, seq
		if s := planned(p, source, seq); s.op == deposit {
			in[i] = &s
			sums[stream{source, s.first}] += amount
			ends[stream{source, s.first}] = i
		}
	}
	var all []history.Event
	for i, e := range entries {
		all = append(all, e)
		s := in[i]
		if s == nil || ends[stream{s.source, s.first}] != i {
			continue
		}
		all = append(all, history.Event{
			Op: total, Source: s.source, Seq: s.first + int64(p.Int("items")),
			Value: sums[stream{s.source, s.first}].converted().String(),
		})
	}
	return all
}

// payer tells whose a line is, by its amount.
func payer(p lab.Params, text string) (source string, seq int64, amount money, ok bool) {
	number, _, _ := strings.Cut(text, " ")
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return "", 0, 0, false
	}
	if amount, err = fromFloat(f); err != nil {
		return "", 0, 0, false
	}
	source, seq, ok = whose(p, amount)
	return source, seq, amount, ok
}
