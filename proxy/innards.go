package proxy

import (
	"net"
	"reflect"
	"strings"
	"unsafe"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/toxics"
)

// This file reaches into the unexported fields of Toxiproxy v2.12.0, which
// cannot be told otherwise
//
//   - on which connection a toxic runs: its Pipe is handed a stub, no more;
//   - to reset a connection that is older than the toxic: it sets SO_LINGER
//     only when a link starts, and only for its own ResetToxic;
//   - to leave links alone that are about to end (see forgetDying).
//
// With another version a field may be missing: reflect panics then, and the
// tests of this package fail.

// connections is the set of sockets of a proxy: both ends of each connection,
// by the client's address with "upstream" (towards the service) or
// "downstream" (towards the client) behind it.
func connections(p *toxiproxy.Proxy) map[string]net.Conn {
	field := reflect.ValueOf(p).Elem().FieldByName("connections")
	list := (*toxiproxy.ConnectionList)(unsafe.Pointer(field.UnsafeAddr()))
	list.Lock()
	defer list.Unlock()
	sockets := map[string]net.Conn{}
	byName := (*map[string]net.Conn)(unsafe.Pointer(field.FieldByName("list").UnsafeAddr()))
	for name, socket := range *byName {
		sockets[name] = socket
	}
	return sockets
}

// links calls visit with every link of a proxy and its stubs, in the order of
// its chain, while Toxiproxy can change nothing about them.
func links(p *toxiproxy.Proxy, visit func(name string, stubs []*toxics.ToxicStub, chain int)) {
	p.Toxics.Lock()
	defer p.Toxics.Unlock()
	collection := reflect.ValueOf(p.Toxics).Elem()
	for each := collection.FieldByName("links").MapRange(); each.Next(); {
		link := each.Value().Elem()
		field := link.FieldByName("stubs")
		stubs := make([]*toxics.ToxicStub, field.Len())
		for i := range stubs {
			stubs[i] = (*toxics.ToxicStub)(field.Index(i).UnsafePointer())
		}
		direction := int(link.FieldByName("direction").Uint())
		visit(each.Key().String(), stubs, collection.FieldByName("chain").Index(direction).Len())
	}
}

// owner is the client's address in the name of a socket or a link.
func owner(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, "upstream"), "downstream")
}

// clients counts the connections of a proxy.
func clients(p *toxiproxy.Proxy) int {
	owners := map[string]bool{}
	for name := range connections(p) {
		owners[owner(name)] = true
	}
	return len(owners)
}

// clientOf finds the connection that a stub belongs to, by its client's
// address; "" if it has ended.
func clientOf(p *toxiproxy.Proxy, stub *toxics.ToxicStub) string {
	var client string
	links(p, func(name string, stubs []*toxics.ToxicStub, _ int) {
		for _, s := range stubs {
			if s == stub {
				client = owner(name)
			}
		}
	})
	return client
}

// forgetDying takes links out of Toxiproxy's hands with which it cannot deal
// any more. They run to their end without it. These are links that have ended
// in the middle (a limit_data that is reached closes its stub and leaves those
// before it): whoever waits for the stub before it to hand something on waits
// for ever. And it leaves the stubs as they are when it takes a toxic away from
// a link that drains, so that from then on they do not match the chain: when
// the next toxic is added it indexes the chain beyond its end, and the process
// panics.
func forgetDying(p *toxiproxy.Proxy) {
	var dying []string
	links(p, func(name string, stubs []*toxics.ToxicStub, chain int) {
		ends, open := len(stubs) != chain, false
		for _, s := range stubs {
			ends = ends || open && s.Closed()
			open = open || !s.Closed()
		}
		if ends {
			dying = append(dying, name)
		}
	})
	for _, name := range dying {
		p.Toxics.RemoveLink(name)
	}
}

// resetConnection closes both ends of a connection so that either sees a
// reset. Both are told before one is closed: as soon as one is, Toxiproxy
// closes the other, in good order.
func resetConnection(p *toxiproxy.Proxy, client string) {
	sockets := connections(p)
	var ends []*net.TCPConn
	for _, end := range []string{"upstream", "downstream"} {
		if socket, ok := sockets[client+end].(*net.TCPConn); ok {
			ends = append(ends, socket)
		}
	}
	// An error means that a socket has just been closed: there is nothing left
	// to reset.
	for _, socket := range ends {
		_ = socket.SetLinger(0)
	}
	for _, socket := range ends {
		_ = socket.Close()
	}
}
