package protocols

// The rows of which the testbed has no figures, and why.

func kind() Row {
	return Row{
		Name: "type", Title: "Protocol type", How: "A classification, and no measurement.",
		Cells: claims("transport", "transport", "application", "application"),
	}
}

func congestion() Row {
	row := Row{
		Name: "congestion", Title: "Congestion control",
		How:   "Not measurable here: a proxy ends each TCP connection on the same machine and begins another, so that the kernel's congestion control sees loopback, which is never congested; and the virtual network has no queues that could fill.",
		Cells: claims("yes", "no", "yes (through TCP)", "yes"),
	}
	row.Cells[3].Finding = "What gRPC has is TCP's, as HTTP/1.1 has it. HTTP/2 adds flow control, and no congestion control."
	return row
}

func complexity() Row {
	return Row{
		Name: "complexity", Title: "Complexity", How: "A judgement, and no measurement.",
		Cells: claims("medium", "low", "low", "high"),
	}
}

func use() Row {
	return Row{
		Name: "use", Title: "Use", How: "A list of examples, and no measurement.",
		Cells: claims("files, web, SSH", "video, VoIP, DNS", "web APIs, REST", "microservices, streaming"),
	}
}
