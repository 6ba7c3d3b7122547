package bank

import (
	"fmt"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// The operations. A deposit is an amount on a performStream, and total its
// half-close, which asks for the sum; full is a request on a fullStream.
const (
	convert = "convert"
	deposit = "deposit"
	total   = "total"
	get     = "get"
	full    = "full"
)

// The calls, of which a workload chooses. Those of a client are made one after
// the other, and each is an operation or a row of them.
const (
	callConvert = "convert"
	callPerform = "perform"
	callGet     = "get"
	callFull    = "full"
	callMixed   = "mixed"
)

// step is one operation of the plan.
type step struct {
	source string
	seq    int64
	op     string
	first  int64 // number of the first operation of its call
	last   bool  // of its call
	before int64 // number of the last operation before it that leaves an entry in the ledger
	amount money // of a total, the sum of its deposits
}

// planned gives an operation of a client. A plan is not drawn and not kept: a
// client that was killed knows again what it had asked for, as somebody would
// who types off a list.
func planned(p lab.Params, source string, seq int64) step {
	s := step{source: source, seq: seq, first: 1}
	for call := range p.Int("calls") {
		kind := kindOf(p, call)
		n := length(p, kind)
		if seq < s.first+n {
			s.op = kind // of convert, get and full, the operation is the call
			s.last = seq == s.first+n-1
			s.amount = amountOf(source, seq)
			if kind == callPerform {
				s.op = deposit
				if s.last {
					s.op, s.amount = total, sumOf(source, s.first, seq)
				}
			}
			if seq > s.first {
				s.before = seq - 1
			}
			return s
		}
		s.first += n
		if kind != callGet {
			s.before = s.first - 1
		}
	}
	// The probe, and nothing comes after it.
	s.first, s.last, s.op, s.amount = seq, true, convert, amountOf(source, seq)
	return s
}

// kindOf is what a client calls, from 0.
func kindOf(p lab.Params, call int) string {
	if kind := p.String("call"); kind != callMixed {
		return kind
	}
	return [...]string{callConvert, callPerform, callGet, callFull}[call%4]
}

// length is how many operations a call is.
func length(p lab.Params, kind string) int64 {
	switch kind {
	case callPerform:
		return int64(p.Int("items")) + 1
	case callFull:
		return int64(p.Int("items"))
	}
	return 1
}

// operations is how many a client asks for, without the probe.
func operations(p lab.Params) int64 {
	n := int64(0)
	for call := range p.Int("calls") {
		n += length(p, kindOf(p, call))
	}
	return n
}

// currencies are those of the document's clients; amounts in a stream have none.
func (s step) currencies() (from, to string) {
	switch s.op {
	case convert:
		return "MAD", "EURO"
	case get:
		return "MAD", "USD"
	}
	return "", ""
}

// text is what the ledger has of the operation.
func (s step) text() string {
	if s.op == total {
		return s.amount.converted().String()
	}
	from, to := s.currencies()
	return entryText(s.amount, from, to)
}

// entryText is the text of a line of the ledger, and of a request.
func entryText(amount money, from, to string) string {
	text := amount.String()
	if from != "" || to != "" {
		text += " " + from + " " + to
	}
	return text
}

// want is the right answer; a deposit has none of its own.
func (s step) want(p lab.Params) string {
	switch s.op {
	case convert, total:
		return s.amount.converted().String()
	case full:
		return s.amount.fullConverted().String()
	case get:
		return quotesText(p.Int("quotes"), s.text())
	}
	return ""
}

// quotesText is the answer that a client makes of the quotes that it got. Their
// results are drawn; what can be right or wrong is how many came, and of what.
func quotesText(n int, of string) string { return fmt.Sprintf("%d quotes of %s", n, of) }

// key names the operation among all.
func (s step) key() string { return itemKey(s.source, s.seq) }

func itemKey(source string, seq int64) string { return fmt.Sprintf("%s/%d", source, seq) }

// event begins the events of the operation.
func (s step) event() history.Event {
	return history.Event{Op: s.op, Source: s.source, Seq: s.seq, ID: s.key()}
}

// invoke is the event that it begins with.
func (s step) invoke(p lab.Params) history.Event {
	e := s.event()
	e.Kind, e.Value = history.Invoke, s.text()
	if s.op == deposit || s.op == total {
		e.Detail = fmt.Sprintf("batch %d", s.first)
	}
	if want := s.want(p); want != "" {
		if e.Detail != "" {
			e.Detail += "; "
		}
		e.Detail += "want " + want
	}
	return e
}
