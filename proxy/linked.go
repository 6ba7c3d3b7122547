package proxy

import (
	"context"
	"time"

	"github.com/Shopify/toxiproxy/v2/toxics"
)

// linking bounds how long AwaitLinked waits for a connection that never comes
// to be one: its service may be gone.
const linking = 200 * time.Millisecond

// AwaitLinked waits until the connection of a client, named by its address,
// runs through the proxy in both directions. A dial succeeds as soon as the
// kernel has the connection; only from here on does a fault find it open.
func (p *Proxy) AwaitLinked(ctx context.Context, client string) {
	ctx, cancel := context.WithTimeout(ctx, linking)
	defer cancel()
	for !p.linked(client) {
		select {
		case <-time.After(100 * time.Microsecond):
		case <-ctx.Done():
			return
		}
	}
}

func (p *Proxy) linked(client string) bool {
	directions := 0
	links(p.toxi, func(name string, _ []*toxics.ToxicStub, _ int) {
		if owner(name) == client {
			directions++
		}
	})
	return directions == 2
}
