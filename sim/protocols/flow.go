package protocols

import (
	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
)

// flow counts the bytes that go before the writer must wait.
func flow() Row {
	row := Row{
		Name: "flow", Title: "Flow control", Glance: "before the writer waits",
		How: "The server stops reading. Bytes that the client could write, in pieces of 1 KiB, before a write stood still for 300 ms; then, whether another call over the same connection is answered. For TCP and HTTP eight connections are filled at once, and each is a sample. For UDP, how many of 1,000 datagrams of 1 KiB are there when the server reads on. " +
			"The buffers of TCP are the kernel's, and two connections long, for a proxy stands in the middle: real, different on another machine, and not the same twice: the kernel lengthens them while they are read, and counts in them the room that packets take, however full these are. gRPC's limit is its library's own, and exact.",
		Cells: claims("yes", "no", "limited", "advanced"),
	}
	row.Cells[0].Finding = "The writer stops, but only when every buffer on the way is full: megabytes that nobody has read."
	row.Cells[1].Finding = "The writer never waits; what the receiver's buffer cannot hold is lost, and nobody is told."
	row.Cells[2].Finding = "What stops the body of a request is TCP, and HTTP/1.1 adds nothing to it."
	row.Cells[3].Finding = "Each stream has a window of its own, 64 KiB at first and more as the library measures the bandwidth, and a queue of 64 KiB before it: one that nobody reads does not stop the others."
	filled := Measure{Name: "before the writer waits", Unit: "KiB", Of: func(r world.Result) (float64, error) {
		c, err := nth(r, 1)
		if err != nil {
			return 0, err
		}
		bytes, err := echo.Flooded(c.detail)
		return float64(bytes) / 1024, err
	}}
	other := counted("another call meanwhile, answered", "of 1", func(r world.Result) int {
		found, _ := answered(r, echo.Ask) // none is a result
		return len(found)
	})
	for i, protocol := range Protocols {
		row.Cells[i].Probes = []Probe{
			{World: Live, Script: script(protocol, "play=flood size=1024 connections=8"), Measures: inBatches([]Measure{filled}, 1), Every: 3},
			{World: Virtual, Script: script(protocol, "play=flood size=1024 meanwhile=true"), Measures: []Measure{other}},
		}
	}
	row.Cells[3].Probes = []Probe{row.Cells[3].Probes[1]}
	row.Cells[3].Probes[0].Measures = []Measure{filled, other}
	row.Cells[1].Probes = []Probe{{
		World:  Live,
		Script: script("udp", "play=flood size=1024 messages=1000 log=true work=300ms patience=200ms"),
		Every:  3,
		Measures: []Measure{
			counted("written without waiting", "of 1000", func(r world.Result) int { return r.Counts.Acknowledged }),
			counted("there when the server reads on", "of 1000", entries),
		},
	}}
	return row
}
