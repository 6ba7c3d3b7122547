package proxy

import (
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func limitDataKind() Kind {
	return Kind{
		Name: "limit_data",
		Attrs: param.List{{
			Name: "bytes", Default: 0, Required: true, Max: largest,
			Doc: "Bytes that a connection may still carry, counted from when the fault came into force or the connection was opened.",
		}},
		Doc:    "Each connection is closed after that many bytes. The last ones before the limit arrive, the rest is lost.",
		Effect: "bytes ran through it",
		toxic: func(v param.Values) toxics.Toxic {
			return &toxics.LimitDataToxic{Bytes: int64(v.Int("bytes"))}
		},
	}
}
