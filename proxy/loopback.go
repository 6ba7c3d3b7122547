package proxy

import (
	"fmt"
	"net/netip"
)

// loopback parses an address and refuses all but the machine's own: a testbed
// that opens a port to the network would be a hole in whoever runs it. Names
// are refused as well, for what they mean is up to somebody else.
func loopback(what, address string) (netip.AddrPort, error) {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return a, fmt.Errorf("%s %q is no IP address and port; write it like 127.0.0.1:8000: %w", what, address, err)
	}
	if !a.Addr().IsLoopback() {
		return a, fmt.Errorf("%s %s is not on this machine; use an address in 127.0.0.0/8, or [::1]", what, address)
	}
	return a, nil
}
