package protocols

import "faultlab/sim/world"

// order counts messages that the server's log has behind a later one.
func order() Row {
	row := Row{
		Name: "order", Title: "Order of delivery", Glance: "a connection each, out of order",
		How: "100 messages, numbered as they are sent; how many stand in the server's log behind one that was sent later. " +
			"Over one connection, as the protocol sends them; over a connection each, without waiting for answers, on a link of 20 ms with 15 ms of jitter; and as streams of one connection, where there are such. " +
			"Datagrams meet a network that lets one in five be overtaken. What lies below TCP, packets out of order, a proxy of streams cannot show.",
		Cells: claims("guaranteed", "not guaranteed", "guaranteed", "guaranteed"),
	}
	row.Cells[0].Finding = "Within one connection, and no further: a client that connects again has no order between the two."
	row.Cells[2].Finding = "One connection has one call at a time, and so an order. Clients open several, and there is none between them."
	row.Cells[3].Finding = "gRPC keeps order within one stream only. Calls at once on one connection are streams of their own, and are handled in any order."
	row.Cells[0].Contradicts, row.Cells[2].Contradicts, row.Cells[3].Contradicts = true, true, true
	row.Cells[1].Finding = "A datagram is overtaken wherever the network lets it."
	misplaced := []Measure{counted("out of order", "of 100", func(r world.Result) int { return r.Counts.Reordered })}
	const jitter = "at 0s latency client->server latency=20ms jitter=15ms"
	for i, protocol := range Protocols {
		play, disorder := "tell", jitter
		if protocol == "udp" {
			disorder = "at 0s reorder client->server upstream probability=20 gap=2"
		}
		if protocol == "http" {
			play = "ask"
		}
		apart := "ask"
		if protocol == "tcp" || protocol == "udp" {
			apart = "tell"
		}
		row.Cells[i].Probes = []Probe{
			{
				Name: "one connection", World: Virtual, Measures: misplaced,
				Script: script(protocol, "play="+play+" messages=100 every=1ms log=true", disorder),
			},
			{
				Name: "a connection each", World: Virtual, Measures: misplaced,
				Script: script(protocol, "play="+apart+" messages=100 every=1ms wait=false fresh=true log=true", disorder),
			},
		}
	}
	row.Cells[3].Probes = append(row.Cells[3].Probes, Probe{
		Name: "streams of one connection", World: Virtual, Measures: misplaced,
		Script: script("grpc", "play=ask messages=100 every=10us wait=false log=true"),
	})
	row.Cells[1].Probes[0].Name, row.Cells[1].Probes[1].Name = "one socket", "a socket each"
	return row
}
