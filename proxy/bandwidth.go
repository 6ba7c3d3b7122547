package proxy

import (
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func bandwidthKind() Kind {
	return Kind{
		Name: "bandwidth",
		Attrs: param.List{{
			Name: "rate", Default: 0, Required: true, Min: 1, Max: fastest,
			Doc: "Kilobytes (of 1000 bytes) a second, for each connection.",
		}},
		Doc:    "Each connection carries at most that many bytes a second. To stop it altogether, use hold.",
		Effect: "bytes ran through it",
		toxic: func(v param.Values) toxics.Toxic {
			return &toxics.BandwidthToxic{Rate: int64(v.Int("rate"))}
		},
	}
}
