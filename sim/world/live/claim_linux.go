package live

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// claim takes one of the blocks 127.1.0.0/16 … 127.254.0.0/16 for this run.
//
// The claim is a listening socket in the abstract namespace. It belongs to the
// network namespace, as the addresses do, and ends with its process: no lock
// is left behind by a runner that was killed.
func claim() (block, error) {
	for second := 1; second <= 254; second++ {
		ln, err := net.Listen("unix", fmt.Sprintf("@faultlab/127.%d", second))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return shared, fmt.Errorf("claim addresses: %w", err)
		}
		host := func(i int) string { return fmt.Sprintf("127.%d.%d.%d", second, i/254, i%254+1) }
		return block{host: host, release: func() { ln.Close() }}, nil
	}
	return shared, errors.New("254 other runs on this machine hold all addresses")
}
