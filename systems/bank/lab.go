// Package bank is the lab of streams: a bank converts money in each of gRPC's
// four models.
//
//	client ──gRPC──→ bank
//	convert           one amount,   one result
//	performStream     ten amounts,  the result of their sum
//	getStream         one amount,   ten quotes
//	fullStream        ten amounts,  ten results
//
// It follows a student's exercise, "Distributed-Systems-with-GRPC" by
// aymaneisruby, whose programs the comments name. What stands there is a bank
// without a memory; the ledger is the lab's.
package bank

import (
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	port        = 5555 // GrpcServer
	bank        = "bank"
	mostClients = 4
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "bank",
		Story: "Clients have a bank convert amounts of money, one by one and in streams, and the bank enters each in its ledger. " +
			"It shows that a stream that breaks leaves both sides with a part of it: who begins again pays twice, who does " +
			"not has paid for nothing, and a reply without a number answers nobody any more.",
		Delivers: true,
		Reads:    []string{get},
		Params: param.List{
			{Name: "clients", Default: 1, Min: 1, Max: mostClients, Try: []string{"1", "3"}, Doc: "How many clients there are, each on a machine of its own."},
			{Name: "call", Default: callMixed, OneOf: []string{callConvert, callPerform, callGet, callFull, callMixed}, Try: []string{callMixed, callPerform, callFull, callGet}, Doc: "What clients call: convert, performStream, getStream, fullStream, or one after the other."},
			{Name: "calls", Default: 4, Min: 1, Max: 200, Try: []string{"2", "4"}, Doc: "How many calls each client makes."},
			{Name: "items", Default: 10, Min: 1, Max: 100, Try: []string{"3", "6"}, Doc: "How many amounts a performStream or fullStream has; the document's have 10."},
			{Name: "quotes", Default: 10, Min: 1, Max: 1000000, Try: []string{"3"}, Doc: "How many quotes a getStream has; the document's has 10."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "5ms", "20ms"}, Doc: "The time between two amounts of a client; the document's is 1s."},
			{Name: "tick", Default: time.Second, Min: time.Millisecond, Try: []string{"2ms", "10ms"}, Doc: "The time between two quotes; the document's is 1s."},
			{Name: "attempts", Default: 1, Min: 1, Max: 10, Try: []string{"1", "3"}, Doc: "How often a client of original makes a call that breaks, each time from its first amount. The document's makes it once."},
			{Name: "pause", Default: time.Second, Try: []string{"0s", "20ms"}, Doc: "The rest before a client of original makes a call again."},
			{Name: "deadline", Default: 500 * time.Millisecond, Min: 10 * time.Millisecond, Max: patience / 2, Try: []string{"50ms", "300ms"}, Doc: "How long a client of hardened waits for one answer. The document's waits for ever."},
		},
		Nodes: func(p lab.Params) []lab.Node {
			return append([]lab.Node{{Name: bank, Role: bank, Host: bank}}, lab.Clients(p.Int("clients"))...)
		},
		Links:   func(p lab.Params) []lab.Link { return lab.ClientLinks(p.Int("clients"), bank, port) },
		Nominal: nominal,
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

// okMeans says the same of both variants.
func okMeans() map[string]string {
	return map[string]string{
		convert: "the result came",
		deposit: "the result of the sum came",
		total:   "the result of the sum came",
		get:     "all quotes came",
		full:    "its result came",
	}
}

func nominal(p lab.Params) time.Duration {
	d := time.Duration(operations(p)) * p.Duration("every")
	for call := range p.Int("calls") {
		if kindOf(p, call) == callGet {
			d += quoting(p)
		}
	}
	return d
}

// quoting is how long a getStream takes.
func quoting(p lab.Params) time.Duration {
	return time.Duration(p.Int("quotes")) * p.Duration("tick")
}

// bound is within what time an operation completes. A deposit is ok when the
// sum is there, and each one after it may meet a line that is dead.
func bound(p lab.Params) time.Duration {
	longest := time.Duration(0)
	for call := range p.Int("calls") {
		switch kindOf(p, call) {
		case callPerform:
			longest = max(longest, time.Duration(p.Int("items"))*(p.Duration("every")+p.Duration("deadline")))
		case callGet:
			longest = max(longest, quoting(p))
		}
	}
	return longest + patience + time.Second
}
