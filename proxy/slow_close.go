package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func slowCloseKind() Kind {
	return Kind{
		Name:   "slow_close",
		Attrs:  param.List{required(milliseconds("delay", "How much later the end of a connection is passed on."))},
		Check:  whole(time.Millisecond, "delay"),
		Doc:    "The end of a connection arrives late; its bytes do not.",
		Effect: "a connection ended",
		unit:   time.Millisecond,
		meets:  byEnd,
		toxic: func(v param.Values) toxics.Toxic {
			return &toxics.SlowCloseToxic{Delay: v.Duration("delay").Milliseconds()}
		},
	}
}
