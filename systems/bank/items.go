package bank

import (
	"fmt"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/bank/bankpb"
)

// items says what the messages of the bank are about. A request that bears no
// number is known by its amount; a reply that bears neither answers nobody, and
// is called after its result.
func items(p lab.Params) rpc.Items {
	return func(item any) history.Event {
		switch m := item.(type) {
		case *bankpb.ConvertCurrencyRequest:
			return aboutRequest(p, m)
		case *bankpb.ConvertCurrencyResponse:
			e := aboutItem(p, m.GetSession(), m.GetSeq(), m.GetAmount())
			e.Value = resultText(m.GetResult())
			switch {
			case m.GetQuote() > 0:
				e.ID += fmt.Sprintf("#%d", m.GetQuote())
			case m.GetSession() == "": // quotes of one amount differ in nothing else
				e.ID += "=" + e.Value
			}
			return e
		}
		return history.Event{}
	}
}

// aboutItem begins the events of a message.
func aboutItem(p lab.Params, session string, seq int64, amount float64) history.Event {
	if session == "" {
		m, err := fromFloat(amount)
		if err != nil {
			return history.Event{}
		}
		known := false
		if session, seq, known = whose(p, m); !known {
			return history.Event{ID: m.String()}
		}
	}
	return history.Event{Source: session, Seq: seq, ID: itemKey(session, seq)}
}

// aboutRequest begins the events of a request.
func aboutRequest(p lab.Params, r *bankpb.ConvertCurrencyRequest) history.Event {
	e := aboutItem(p, r.GetSession(), r.GetSeq(), r.GetAmount())
	e.Value = requestText(r)
	if r.GetTotal() {
		e.Value = total
	}
	return e
}

// requestText is what the document's fields of a request say.
func requestText(r *bankpb.ConvertCurrencyRequest) string {
	text := resultText(r.GetAmount())
	if r.GetCurrencyFrom() != "" || r.GetCurrencyTo() != "" {
		text += " " + r.GetCurrencyFrom() + " " + r.GetCurrencyTo()
	}
	return text
}
