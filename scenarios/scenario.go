// Package scenarios is the language in which faults are scripted: a line is a
// sentence, and the comments at the head are the story.
//
//	# The ACK is lost after the reading was stored.
//	system   sensor
//	workload readings=100 every=10ms
//
//	when collector stores #17  reset_peer forwarder->collector downstream for 50ms
//	at 900ms                   kill collector for 200ms
//
//	expect original violates no-duplicates count=1
//	expect hardened holds no-loss no-duplicates fifo
//
// The package knows the language's form. Its words (labs, nodes, faults,
// properties) come from a Vocabulary that the caller hands in.
package scenarios

import (
	"time"

	"faultlab/sim/param"
)

// Ext ends the name of a script's file.
const Ext = ".scenario"

// Pos is a place in a script: line and character, both from 1.
type Pos struct{ Line, Col int }

// Scenario is a parsed and validated script.
type Scenario struct {
	Name     string   // like sensor/lost-ack; not part of the text
	Story    []string // the comment lines at the head, without their "#"
	System   string
	World    string        // "virtual": only that world can do it; "": both
	Seed     *uint64       // nil: chosen by who runs it
	Settle   time.Duration // 0: the default
	Workload []Assign      // as written, in order
	Params   param.Values  // the workload's, defaults included
	Steps    []Step        // in the script's order
	Expects  []Expect

	Notes map[string]Note // comments at the head's lines, by their first word
	End   []string        // the comment lines after the last line
}

// Note holds the comments that belong to a line, without their "#".
type Note struct {
	Above  []string // whole lines, right before it
	Beside string   // at its end
}

// Assign is one name=value.
type Assign struct {
	Pos         Pos
	Name, Value string
}

// Step is a line that injects a fault. Exactly one of When, Every and At says
// when; At is meant if the others are nil and 0.
type Step struct {
	Pos   Pos
	Note  Note
	At    time.Duration // since the start
	Every time.Duration // at Every, 2*Every, …
	Times int           // how often, with Every; 0: until the workload ends
	When  *Trigger
	Fault Fault
}

// Trigger is an event to wait for.
type Trigger struct {
	Node  string
	Verb  string        // one of Verbs
	Match string        // "": any; SOURCE/SEQ, or text that the event contains
	Count int           // the how-manieth such event, from 1
	After time.Duration // how long after it; 0: the event waits for the fault
}

// Fault is a fault and what it is aimed at.
type Fault struct {
	Name      string
	Node      string     // target of a node fault
	Link      string     // target of a link fault, "from->to"
	Groups    [][]string // target of a partition
	Direction string     // "", "upstream" or "downstream"; "" is both
	Attrs     []Assign   // as written
	Values    param.Values
	For       time.Duration // 0: until the end
}

// Expect is what a variant must show.
type Expect struct {
	Pos        Pos
	Note       Note
	Variant    string
	Violates   bool // else: holds
	Properties []string
	Count      int // how many messages violate it; -1: not said
}
