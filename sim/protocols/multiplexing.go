package protocols

import "time"

// multiplexing times a quick call beside a slow one.
func multiplexing() Row {
	row := Row{
		Name: "multiplexing", Title: "Multiplexing", Glance: "quick call, p99",
		How: "A call over which the server takes 100 ms, and 10 ms later a quick one over the same connection, 50 times: how long the quick one takes. " +
			"Datagrams have no connection to share; there it is a second socket.",
		Cells: claims("no", "no", "limited (pipelining)", "yes"),
	}
	row.Cells[0].Finding = "The quick call waits for the slow one: head-of-line blocking."
	row.Cells[1].Finding = "Nothing waits, since nothing is shared: each datagram stands for itself. \"No\" is right of UDP for lack of a thing to multiplex, and not because it would block."
	row.Cells[2].Finding = "The quick call waits for the slow one. Pipelining would not help: answers come in the order of the requests, and it is no multiplexing; clients open a second connection instead."
	row.Cells[3].Finding = "The quick call is as quick as alone."
	row.Cells[2].Contradicts = true
	for i, protocol := range Protocols {
		row.Cells[i].Probes = []Probe{{
			World: Virtual, Script: script(protocol, "play=beside messages=50 every=10ms work=100ms"),
			Measures: []Measure{
				delay("quick call, p50", .5, 1, wait),
				delay("quick call, p99", .99, 1, wait),
			},
		}}
	}
	return row
}

// wait is how long a call took, all told.
func wait(c call) time.Duration { return c.ended - c.invoked }
