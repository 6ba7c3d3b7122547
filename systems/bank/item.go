package bank

import (
	"errors"
	"fmt"
	"math"

	"faultlab/systems/bank/bankpb"
)

// longestName is how long the name of a session or a currency may be, in bytes.
const longestName = 64

// read makes an entry of a request. What comes over a network is checked before
// anything is done with it: NaN, entered once, would be every later sum.
func read(op string, r *bankpb.ConvertCurrencyRequest) (entry, error) {
	e := entry{Operation: op, From: r.GetCurrencyFrom(), To: r.GetCurrencyTo(), Session: r.GetSession(), Seq: r.GetSeq()}
	for _, name := range []string{e.Session, e.From, e.To} {
		if len(name) > longestName {
			return e, fmt.Errorf("%.20q… is over %d bytes", name, longestName)
		}
	}
	if r.GetTotal() {
		if op != deposit || e.Session == "" {
			return e, errors.New("only a performStream of a session has a total")
		}
		e.Operation, e.From, e.To = total, "", ""
	}
	switch {
	case e.Session == "" && (e.Seq != 0 || r.GetAfter() != 0):
		return e, errors.New("a number without a session")
	case e.Session != "" && op != get && (e.Seq <= 0 || r.GetAfter() < 0):
		return e, errors.New("a session without a number")
	case e.Operation == total:
		return e, nil
	}
	var err error
	if e.Amount, err = fromFloat(r.GetAmount()); err != nil {
		return e, err
	}
	if minor := r.GetMinor(); minor != 0 {
		if e.Amount, err = fromMinor(minor); err == nil && math.Abs(e.Amount.float()-r.GetAmount()) >= 0.005 {
			err = errors.New("amount and minor differ")
		}
	}
	return e, err
}
