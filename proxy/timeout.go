package proxy

import (
	"time"

	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func timeoutKind() Kind {
	return Kind{
		Name:   "timeout",
		Attrs:  param.List{milliseconds("timeout", "How long a connection may be idle before it is closed; traffic starts the time again. 0: until the fault ends.")},
		Check:  whole(time.Millisecond, "timeout"),
		Doc:    "Whatever is sent is thrown away, and the connection is closed: when it was idle for the timeout, or when the fault ends.",
		Effect: "a connection was open",
		unit:   time.Millisecond,
		meets:  byBeing,
		toxic: func(v param.Values) toxics.Toxic {
			return &toxics.TimeoutToxic{Timeout: v.Duration("timeout").Milliseconds()}
		},
	}
}
