package protocols

import (
	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
)

// headers counts what a protocol adds to what it carries.
func headers() Row {
	row := Row{
		Name: "headers", Title: "Headers", Glance: "100th call",
		How: "Bytes that cross the connection for one call and its answer, of 32 bytes each, without those 64: of the first call, with all that sets the connection up, and of the hundredth. " +
			"The headers of TCP (20 to 60 bytes a segment), UDP (8 bytes a datagram) and IP are the kernel's and not seen here.",
		Cells: claims("20–60 bytes", "8 bytes", "text, large", "binary, HPACK compression"),
	}
	row.Cells[0].Finding = "A length of four bytes before each message, which the program must add: a stream has no messages."
	row.Cells[1].Finding = "Nothing: the datagram is the message."
	row.Cells[2].Finding = "The same lines every time."
	row.Cells[3].Finding = "The first call is the dearest of all. HPACK pays from the second on, when headers are numbers in a table that both sides keep; more than half of what is left are the window updates and pings by which this library measures the bandwidth."
	for i, protocol := range Protocols {
		row.Cells[i].Probes = []Probe{{
			World: Virtual, Script: script(protocol, "messages=100 every=10ms size=32"),
			Measures: []Measure{overhead("1st call", 1), overhead("100th call", 100)},
		}}
	}
	return row
}

func overhead(name string, n int) Measure {
	return Measure{Name: name, Unit: "bytes", Of: func(r world.Result) (float64, error) {
		c, err := nth(r, n)
		if err != nil {
			return 0, err
		}
		up, down, err := echo.Traffic(c.detail)
		return float64(up + down - 2*32), err
	}}
}
