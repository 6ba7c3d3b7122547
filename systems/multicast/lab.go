// Package multicast is the lab of one to many: a sender says each message once,
// and every receiver of the group is to have it.
//
//	         ┌──UDP──→ receiver
//	sender ──┤
//	         └──UDP──→ receiver2
//
// It follows the multicast example in the section "UDP (User Datagram Protocol)"
// of a survey of integration protocols (in Russian), whose classes the comments
// name. A real group leaves the copies to the network. Here the sender sends a
// datagram to each receiver, so that each has a link of its own that can fail,
// and so that nothing leaves this machine.
package multicast

import (
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	groupAddress = "224.0.0.100" // to which the lab sends nothing
	port         = 9999          // of the group (UDPMulticastReceiver)
	sender       = "sender"

	opSay = "say" // the operation
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "multicast",
		Story: "A sender says each message once to a group of receivers, over UDP. It shows that who loses a message " +
			"does not know it, least of all the last one, that the receivers' logs differ then, and how a receiver can " +
			"notice what it lacks and ask for it.",
		Delivers: true,
		Params: param.List{
			{Name: "messages", Default: 3, Min: 1, Max: 100000, Try: []string{"3", "12", "40"}, Doc: "How many messages the sender says; the document's says 3."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "5ms", "30ms"}, Doc: "The time between two of them; the document's is 1s."},
			{Name: "receivers", Default: 2, Min: 1, Max: 50, Try: []string{"2", "3"}, Doc: "How many receivers there are, each on a machine of its own: the document's opens its port so that a second one on the same machine could not."},
			{Name: "size", Default: 0, Max: longest, Try: []string{"0", "1024", "1432"}, Doc: "To how many bytes the messages are filled up, with letters of two bytes. 0: not at all."},
			{Name: "heartbeat", Default: 200 * time.Millisecond, Min: time.Millisecond, Max: time.Minute, Try: []string{"10ms", "40ms"}, Doc: "How often the hardened sender tells how far it is. The document's does not."},
		},
		Nodes:   nodes,
		Links:   links,
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("messages")) * p.Duration("every") },
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

func nodes(p lab.Params) []lab.Node {
	all := []lab.Node{{Name: sender, Role: sender, Host: sender, Client: true}}
	for _, name := range members(p) {
		all = append(all, lab.Node{Name: name, Role: "receiver", Host: name})
	}
	return all
}

func links(p lab.Params) []lab.Link {
	var all []lab.Link
	for _, name := range members(p) {
		all = append(all, lab.Link{From: sender, To: name, Port: port, Packet: true, Group: groupAddress})
	}
	return all
}

// members are the receivers of the group.
func members(p lab.Params) []string {
	var names []string
	for i := range p.Int("receivers") {
		names = append(names, lab.Numbered("receiver", i))
	}
	return names
}

// patience is how long a message may take to the disk before it is said that it
// is not out yet.
const patience = 2 * time.Second

func bound(lab.Params) time.Duration { return patience + 500*time.Millisecond }
