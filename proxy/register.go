package proxy

import "github.com/Shopify/toxiproxy/v2/toxics"

// Toxiproxy makes a toxic from the name in its JSON: ours must be in its
// registry, where they also replace its own of the same name.
func init() {
	for name, toxic := range map[string]toxics.Toxic{
		meterType:    new(meter),
		Hold:         new(hold),
		"blackhole":  new(blackhole),
		"drop":       new(drop),
		"latency":    new(latency),
		"bandwidth":  new(bandwidth),
		"slow_close": new(slowClose),
		"slicer":     new(slicer),
		"reset_peer": new(resetPeer),
	} {
		toxics.Register(name, toxic)
	}
}

const meterType = "meter"
