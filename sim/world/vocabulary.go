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
	v := scenarios.Vocabulary{Properties: check.Properties()}
	for _, k := range proxy.Kinds() {
		v.Faults = append(v.Faults, scenarios.FaultWord{
			Name: k.Name, On: scenarios.OnLink, Attrs: k.Attrs, Check: k.Check, Doc: k.Doc,
			Effect: k.Effect, Undirected: k.Whole,
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
		})
	}
	return v
}
