package proxy

// Down is the name of the fault that closes a link.
const Down = "down"

func downKind() Kind {
	return Kind{
		Name:   Down,
		Doc:    "All connections of the link are closed, and new ones are refused until the fault ends. Datagrams are lost, those too that are on their way.",
		Effect: "a connection was open, a dial was refused, or a datagram was lost",
		Whole:  true,
	}
}
