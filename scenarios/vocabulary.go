package scenarios

import "faultlab/sim/param"

// Vocabulary holds the words that scripts may use.
type Vocabulary struct {
	Systems    []SystemWords
	Faults     []FaultWord
	Properties []string
}

// SystemWords are the words of one lab.
type SystemWords struct {
	Name     string
	Variants []string
	Params   param.List
	// Topology names the nodes and the links ("from->to") of a workload.
	Topology func(param.Values) (nodes, links []string)
}

// Target is what a fault is aimed at.
type Target string

// The targets.
const (
	OnLink   Target = "link"
	OnNode   Target = "node"
	OnGroups Target = "groups" // A B | C
)

// FaultWord declares a fault.
type FaultWord struct {
	Name   string
	On     Target
	Attrs  param.List
	Check  func(param.Values) error // what no single attribute can tell; may be nil
	World  string                   // "virtual": only that world can do it
	Doc    string                   // what it does, in one or two sentences
	Effect string                   // what counts as having met its target
}
