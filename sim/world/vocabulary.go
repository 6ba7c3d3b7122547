package world

import (
	"faultlab/proxy"
	"faultlab/scenarios"
	"faultlab/sim/check"
	"faultlab/sim/lab"
)

// Vocabulary gives the words of scenario scripts: the labs, all faults and all
// properties.
func Vocabulary(reg lab.Registry) scenarios.Vocabulary {
	var v scenarios.Vocabulary
	for _, c := range check.All() {
		v.Properties = append(v.Properties, scenarios.PropertyWord{Name: c.Property, Doc: c.Doc})
	}
	for _, k := range proxy.Kinds() {
		v.Faults = append(v.Faults, scenarios.FaultWord{
			Name: k.Name, On: scenarios.OnLink, Attrs: k.Attrs, Check: k.Check, Doc: k.Doc,
			Effect: k.Effect, Undirected: k.Whole, Only: only(k), OnlyPackets: k.OnlyPackets,
		})
	}
	v.Faults = append(v.Faults, partitionWord)
	for _, f := range nodeFaults() {
		v.Faults = append(v.Faults, f.word)
	}
	for _, s := range reg.Systems() {
		v.Systems = append(v.Systems, scenarios.SystemWords{
			Name: s.Name, Variants: s.VariantNames(), Params: s.Params,
			Topology: func(p lab.Params) (nodes, links []string) {
				for _, n := range s.Nodes(p) {
					nodes = append(nodes, n.Name)
				}
				for _, l := range s.Links(p) {
					links = append(links, l.String())
				}
				return nodes, links
			},
			Packets: func(p lab.Params) (links []string) {
				for _, l := range s.Links(p) {
					if l.Packet {
						links = append(links, l.String())
					}
				}
				return links
			},
		})
	}
	return v
}

// only is what links must carry for a fault to act on them; "" for one that
// acts on all.
func only(k proxy.Kind) scenarios.Carrier {
	switch {
	case !k.Packets():
		return scenarios.Streams
	case !k.Streams():
		return scenarios.Datagrams
	}
	return ""
}
