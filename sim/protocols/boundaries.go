package protocols

// boundaries counts messages that arrive as they were sent.
func boundaries() Row {
	row := Row{
		Name: "boundaries", Title: "Data type", Glance: "a read a message, whole",
		How: "50 messages of 100 bytes over a link that cuts streams into pieces of about 30 bytes (slicer): how many stand in the server's log as they were sent. " +
			"Datagrams pass a link without faults; no slicer acts on them.",
		Cells: claims("binary stream", "datagrams", "text (usually)", "binary (protobuf)"),
	}
	row.Cells[0].Finding = "TCP orders bytes and knows no messages: who takes one read for one message, as the document's server does, has none of them whole. With its length before each they are."
	row.Cells[1].Finding = "One datagram, one message: whole, or not at all."
	row.Cells[2].Finding = "A body has a length, and so is a message. It may hold any bytes; only the head is text."
	row.Cells[3].Finding = "A message is a message, in a call or in a stream."
	whole := []Measure{counted("whole", "of 50", entries)}
	const sliced = "at 0s slicer client->server upstream average_size=30 size_variation=10 delay=200us"
	for i, protocol := range Protocols {
		workload, steps := "play=tell messages=50 every=10ms size=100 log=true", []string{sliced}
		switch protocol {
		case "udp":
			steps = nil
		case "http":
			workload = "play=ask messages=50 every=10ms size=100 log=true"
		}
		row.Cells[i].Probes = []Probe{{World: Virtual, Measures: whole, Script: script(protocol, workload, steps...)}}
	}
	raw := Probe{Name: "a read a message", World: Virtual, Measures: whole, Script: script("tcp", "framed=false play=tell messages=50 every=10ms size=100 log=true", sliced)}
	row.Cells[0].Probes[0].Name = "with a length before each"
	row.Cells[0].Probes = append([]Probe{raw}, row.Cells[0].Probes...)
	return row
}
