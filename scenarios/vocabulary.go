package scenarios

import (
	"slices"

	"faultlab/sim/param"
)

// Vocabulary holds the words that scripts may use.
type Vocabulary struct {
	Systems    []SystemWords
	Faults     []FaultWord
	Properties []PropertyWord
}

// PropertyWord declares a property.
type PropertyWord struct {
	Name string
	Doc  string // when it holds, in one sentence
}

// properties are their names.
func (voc Vocabulary) properties() []string {
	var names []string
	for _, p := range voc.Properties {
		names = append(names, p.Name)
	}
	return names
}

// SystemWords are the words of one lab.
type SystemWords struct {
	Name     string
	Variants []string
	Params   param.List
	// Topology names the nodes and the links ("from->to") of a workload.
	Topology func(param.Values) (nodes, links []string)
	// Packets gives those of the links that carry datagrams; nil: there are none.
	Packets func(param.Values) []string
}

// Target is what a fault is aimed at.
type Target string

// The targets.
const (
	OnLink   Target = "link"
	OnNode   Target = "node"
	OnGroups Target = "groups" // A B | C
)

// Carrier is what a link carries.
type Carrier string

// The carriers.
const (
	Streams   Carrier = "streams"
	Datagrams Carrier = "datagrams"
)

// FaultWord declares a fault.
type FaultWord struct {
	Name  string
	On    Target
	Attrs param.List
	// Undirected marks a link fault that takes the link as a whole: a link that
	// is down is down both ways, so "upstream" would promise what cannot be.
	Undirected bool
	// Only says that a link fault acts on links that carry this alone.
	Only Carrier
	// OnlyPackets are the attributes that mean nothing where streams are carried.
	OnlyPackets []string

	Check  func(param.Values) error // what no single attribute can tell; may be nil
	World  string                   // "virtual": only that world can do it
	Doc    string                   // what it does, in one or two sentences
	Effect string                   // what counts as having met its target
}

func (voc Vocabulary) system(name string) *SystemWords {
	i := slices.IndexFunc(voc.Systems, func(s SystemWords) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &voc.Systems[i]
}

func (voc Vocabulary) fault(name string) *FaultWord {
	i := slices.IndexFunc(voc.Faults, func(f FaultWord) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &voc.Faults[i]
}

func (voc Vocabulary) systemNames() []string {
	var names []string
	for _, s := range voc.Systems {
		names = append(names, s.Name)
	}
	return names
}

func (voc Vocabulary) faultNames() []string {
	var names []string
	for _, f := range voc.Faults {
		names = append(names, f.Name)
	}
	return names
}

// linkFaultsOn names the faults that act on a link which carries that.
func (voc Vocabulary) linkFaultsOn(carries Carrier) []string {
	var names []string
	for _, f := range voc.Faults {
		if f.ActsOn(carries) {
			names = append(names, f.Name)
		}
	}
	return names
}

// ActsOn reports whether the fault is one of links that carry that.
func (f FaultWord) ActsOn(carries Carrier) bool {
	return f.On == OnLink && (f.Only == "" || f.Only == carries)
}
