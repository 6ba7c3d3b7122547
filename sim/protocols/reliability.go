package protocols

import (
	"fmt"

	"faultlab/sim/world"
)

// reliability compares what the client was told with what the server has.
func reliability() Row {
	const messages = 300
	row := Row{
		Name: "reliability", Title: "Reliability", Glance: "taken, and not in the log",
		How: "300 messages, one a millisecond over a link of 5 ms, whose connections are reset after 100 ms (datagrams are lost for as long) and whose server is killed after 200 ms and comes back 50 ms later; its log is on a disk. " +
			"A message is taken when its protocol says so: a write without an error for TCP and UDP, a 200 or an OK for HTTP and gRPC. Nobody sends again.",
		Cells: claims("guaranteed", "not guaranteed", "guaranteed", "guaranteed"),
	}
	row.Cells[0].Finding = "The guarantee ends with the connection: a write without an error means that the kernel has the bytes, and those on their way when it breaks are lost, without a word on which."
	row.Cells[0].Contradicts = true
	row.Cells[1].Finding = "Every write succeeds, whether or not anybody is there."
	row.Cells[2].Finding = "No message that was answered with 200 is lost. But a request whose answer was cut off may have been executed, and its client cannot know."
	row.Cells[3].Finding = "No message that was answered with OK is lost. But a call that ends in an error may have been executed, and its client cannot know."
	for i, protocol := range Protocols {
		play, reset := "tell", "reset_peer"
		switch protocol {
		case "udp":
			reset = "down"
		case "http", "grpc":
			play = "ask"
		}
		of := fmt.Sprintf("of %d", messages)
		row.Cells[i].Probes = []Probe{{
			World: Virtual,
			Script: script(protocol, fmt.Sprintf("play=%s messages=%d every=1ms log=true", play, messages), far(5e6),
				fmt.Sprintf("at 100ms %s client->server for 10ms", reset), "at 200ms kill server for 50ms"),
			Measures: []Measure{
				counted("taken", of, func(r world.Result) int { return r.Counts.Acknowledged }),
				counted("taken, and not in the log", of, func(r world.Result) int { return r.Counts.Lost }),
				counted("ended in an error", of, func(r world.Result) int { return r.Counts.Attempted - r.Counts.Acknowledged }),
				counted("ended in an error, yet in the log", of, func(r world.Result) int { return r.Counts.Recovered }),
			},
		}}
	}
	return row
}
