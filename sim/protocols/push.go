package protocols

import (
	"faultlab/sim/history"
	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
)

// push counts messages that nobody asked for.
func push() Row {
	row := Row{
		Name: "push", Title: "Push", Glance: "unasked, came",
		How: "The server wants to send 10 messages. How many reach a client that has connected and asked nothing, and one that has asked once. " +
			"The HTTP server sends each as a response after the one that was asked for; a gRPC server has no call to answer, and no way to make one.",
		Cells: claims("no", "no", "no", "yes (server push)"),
	}
	row.Cells[0].Finding = "Either side of a connection writes when it likes, and the document's own TCP server does: it speaks first, with a welcome."
	row.Cells[1].Finding = "A server can send to whoever has sent it one datagram. Before that it knows of nobody."
	row.Cells[2].Finding = "A response to no request is thrown away, and the connection with it. One response may take its time over ten messages, though."
	row.Cells[3].Finding = "There is no server push in gRPC: unasked nothing comes. What it has is server streaming, many answers to one call."
	row.Cells[0].Contradicts, row.Cells[3].Contradicts = true, true
	heard := []Measure{counted("came", "of 10", func(r world.Result) int {
		n := 0
		for _, e := range r.Events {
			if e.Kind == history.Recv && e.Node == "client" && e.Op == echo.Push {
				n++
			}
		}
		return n
	})}
	for i, protocol := range Protocols {
		row.Cells[i].Probes = []Probe{
			{Name: "unasked", World: Virtual, Measures: heard, Script: script(protocol, "play=push messages=10 every=10ms asked=false")},
			{Name: "asked once", World: Virtual, Measures: heard, Script: script(protocol, "play=push messages=10 every=10ms asked=true")},
		}
	}
	return row
}
