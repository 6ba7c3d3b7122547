package scenarios_test

import (
	"errors"
	"slices"
	"time"

	"faultlab/scenarios"
	"faultlab/sim/param"
)

// vocabulary is a small world of words: one lab, and every sort of fault.
func vocabulary() scenarios.Vocabulary {
	const ms = time.Millisecond
	required := func(name string, kind, least any) param.Param {
		return param.Param{Name: name, Default: kind, Required: true, Min: least, Doc: "Says " + name + "."}
	}
	period := func(name string) param.Param { return required(name, time.Duration(0), nil) }
	return scenarios.Vocabulary{
		Systems: []scenarios.SystemWords{{
			Name:     "sensor",
			Variants: []string{"original", "hardened"},
			Params: param.List{
				{Name: "readings", Default: 100, Min: 1, Max: 100_000, Doc: "How many readings each sensor takes."},
				{Name: "every", Default: time.Second, Min: ms, Doc: "How long a sensor waits between readings."},
				{Name: "usage", Default: "drawn", OneOf: []string{"drawn", "real"}, Doc: "Where readings come from."},
				{Name: "name", Default: "paul", Doc: "What the sensor is called."},
				{Name: "skip", Default: false, Doc: "Leaves every second reading away."},
			},
			Topology: func(param.Values) (nodes, links []string) {
				return []string{"sensor", "forwarder", "collector"}, []string{"forwarder->collector"}
			},
		}},
		Properties: properties(
			"no-loss", "delivered", "no-duplicates", "fifo", "causal", "no-phantoms", "integrity", "fail-honest", "live", "isolated",
		),
		Faults: slices.Concat(
			on(scenarios.OnLink,
				fault("latency", param.List{period("latency"), {Name: "jitter", Default: time.Duration(0)}}),
				fault("bandwidth", param.List{required("rate", 0, 1)}),
				fault("slow_close", param.List{period("delay")}),
				fault("timeout", param.List{{Name: "timeout", Default: time.Duration(0)}}),
				fault("reset_peer", param.List{{Name: "timeout", Default: time.Duration(0)}}),
				slicer(),
				fault("limit_data", param.List{required("bytes", 0, nil)}),
				undirected("down"), fault("hold", nil), fault("blackhole", nil), fault("drop", nil),
				fault("loss", nil), fault("duplicate", nil), fault("reorder", nil), fault("corrupt", nil), fault("truncate", nil),
			),
			on(scenarios.OnGroups, fault("partition", param.List{{Name: "reset", Default: false}})),
			on(scenarios.OnNode,
				fault("kill", nil), fault("stop", nil), fault("pause", nil), fault("overload", nil),
				fault("skew", param.List{{Name: "offset", Default: time.Duration(0), Required: true, Min: -1000 * time.Hour, Max: 1000 * time.Hour, Doc: "Says offset."}}),
				virtual("powercut"), fault("tear", param.List{{Name: "bytes", Default: 0}}),
				fault("enospc", nil), fault("eio", nil), fault("syncfail", nil),
			),
		),
	}
}

func fault(name string, attrs param.List) scenarios.FaultWord {
	return scenarios.FaultWord{Name: name, Attrs: attrs, Doc: "Does what " + name + " says.", Effect: "it met its target"}
}

func on(target scenarios.Target, faults ...scenarios.FaultWord) []scenarios.FaultWord {
	for i := range faults {
		faults[i].On = target
	}
	return faults
}

func undirected(name string) scenarios.FaultWord {
	f := fault(name, nil)
	f.Undirected = true
	return f
}

func virtual(name string) scenarios.FaultWord {
	f := fault(name, nil)
	f.World = "virtual"
	return f
}

// slicer is the fault whose attributes only make sense together.
func slicer() scenarios.FaultWord {
	f := fault("slicer", param.List{{Name: "average_size", Default: 1, Required: true, Min: 1}, {Name: "size_variation", Default: 0}})
	f.Check = func(v param.Values) error {
		if v.Int("size_variation") >= v.Int("average_size") {
			return errors.New("size_variation must be less than average_size")
		}
		return nil
	}
	return f
}

func properties(names ...string) (words []scenarios.PropertyWord) {
	for _, name := range names {
		words = append(words, scenarios.PropertyWord{Name: name, Doc: "Says " + name + "."})
	}
	return words
}
