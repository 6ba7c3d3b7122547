// Package sensor is the lab of at-least-once delivery: a sensor appends
// readings to a file, a forwarder sends them on, a collector logs them.
//
//	edge machine                          core machine
//	sensor → client-paul.log → forwarder ──HTTP──→ collector → server-paul.log
//
// It follows a student project, "Prototyping assignment" by P. Beck and
// H. Abdullah, whose figures the comments name. Its claim: no loss, duplicates
// discarded, FIFO.
package sensor

import (
	"fmt"
	"strings"
	"time"

	"faultlab/sim/lab"
	"faultlab/sim/param"
)

const (
	port      = 8000 // of the collector (Fig. 4)
	collector = "collector"
	core      = "core" // the collector's machine
)

// System describes the lab.
func System() *lab.System {
	return &lab.System{
		Name: "sensor",
		Story: "A sensor appends a reading a second to a file. A forwarder on the same machine posts each line to a " +
			"collector and then empties the file; the collector skips what it has and appends the rest to its log. " +
			"It shows why an acknowledgement can be lost, why that makes duplicates, and what it takes to have each " +
			"reading in the log exactly once.",
		Delivers: true,
		Params: param.List{
			{Name: "readings", Default: 20, Min: 1, Max: 100000, Try: []string{"3", "10", "30"}, Doc: "How many readings each sensor takes."},
			{Name: "every", Default: time.Second, Try: []string{"0s", "2ms", "20ms"}, Doc: "The time between two readings; the document's is 1s."},
			{Name: "sensors", Default: 1, Min: 1, Max: len(names), Try: []string{"1", "2", "3"}, Doc: "How many sensors there are, each on a machine of its own with a forwarder of its own."},
			{Name: "same_name", Default: false, Try: []string{"false", "true"}, Doc: "All sensors go by the name of the first, which the document does not rule out."},
			{Name: "poll", Default: 10 * time.Millisecond, Min: time.Millisecond, Try: []string{"5ms", "50ms"}, Doc: "How long the forwarder rests between two looks at its file. The document's does not rest."},
			{Name: "deadline", Default: 500 * time.Millisecond, Min: 10 * time.Millisecond, Try: []string{"50ms", "500ms"}, Doc: "How long the hardened forwarder waits for an ACK. The document's waits for ever."},
		},
		Nodes:   nodes,
		Links:   links,
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("readings")) * p.Duration("every") },
		Variants: []lab.Variant{
			original(),
			hardened(),
		},
	}
}

// names are what the sensors are called, in the order of their machines.
var names = [...]string{"paul", "hammad", "anouk", "davide"}

// nodes are a collector, and a sensor and a forwarder on each edge machine.
func nodes(p lab.Params) []lab.Node {
	all := []lab.Node{{Name: collector, Role: "collector", Host: core}}
	for i := range p.Int("sensors") {
		all = append(all,
			lab.Node{Name: lab.Numbered("forwarder", i), Role: "forwarder", Host: lab.Numbered("edge", i)},
			lab.Node{Name: lab.Numbered("sensor", i), Role: "sensor", Host: lab.Numbered("edge", i), Client: true},
		)
	}
	return all
}

func links(p lab.Params) []lab.Link {
	var all []lab.Link
	for i := range p.Int("sensors") {
		all = append(all, lab.Link{From: lab.Numbered("forwarder", i), To: collector, Port: port})
	}
	return all
}

// nameAt is what the sensor on a machine is called, and what its file is named
// after.
func nameAt(p lab.Params, host string) string {
	if p.Bool("same_name") {
		return names[0]
	}
	return names[machine(host)]
}

// sourceAt is how the workload calls the sensor on a machine. It tells two
// sensors of one name apart. A machine that does not exist has no source.
func sourceAt(p lab.Params, host string) string {
	i := machine(host)
	switch {
	case i < 0:
		return ""
	case i > 0 && p.Bool("same_name"):
		return names[0] + "@" + host
	}
	return names[i]
}

// machine is the number of an edge machine, from 0; -1 for any other text.
func machine(host string) int {
	for i := range names {
		if host == lab.Numbered("edge", i) {
			return i
		}
	}
	return -1
}

// reading is what a sensor measures, in the form of Fig. 1:
// name, CPU, memory, time in nanoseconds.
func reading(env lab.Env) (line, id string) {
	cpu, mem := env.Usage()
	id = fmt.Sprint(env.Now().UnixNano())
	return fmt.Sprintf("%s %.1f %.1f %s", nameAt(env.Params(), env.Node().Host), cpu, mem, id), id
}

// firstField and lastField are what the collector takes for the name and the
// id (Fig. 5).
func firstField(line string) string {
	first, _, _ := strings.Cut(line, " ")
	return first
}

func lastField(line string) string { return line[strings.LastIndex(line, " ")+1:] }
