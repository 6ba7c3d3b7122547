// Package protocols measures what document 001 says of TCP, UDP, HTTP/1.1 and
// gRPC in its comparison table. A cell of the table is one or more scripts for
// the lab in package echo, and what is read from the histories of their runs.
//
//	row ── cell ── probe: script, world ── run ── history ── measures → figures
//
// In the virtual world a figure is exact: a second run gives the same. Where it
// must be real, the sizes of a kernel's buffers, the time of a computer, it is
// measured live, many times over: a run is cut into batches of calls, and each is
// a sample.
package protocols

import (
	"errors"
	"fmt"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
)

// Protocols are the columns, in the order of the document.
var Protocols = [...]string{"tcp", "udp", "http", "grpc"}

// Heads are the columns' titles.
var Heads = [...]string{"TCP", "UDP", "HTTP/1.1", "gRPC"}

// Worlds in which a probe can be run.
const (
	Virtual = "virtual"
	Live    = "live"
)

// Row is one row of the document's table.
type Row struct {
	Name  string // one word, as in -cell NAME/PROTOCOL
	Title string // the document's, in English
	How   string // what is measured, and how; or why nothing is
	// Glance is the figure that stands for the others where there is room for
	// one. A cell without it shows its first.
	Glance string
	Cells  [len(Protocols)]Cell
}

// Cell is what the document says of one protocol, and how to measure it.
type Cell struct {
	Row, Protocol string
	Claim         string // the document's, in English
	Finding       string // what the figures say to that
	Contradicts   bool   // they contradict it
	Probes        []Probe
}

// Name is as -cell takes it.
func (c Cell) Name() string { return c.Row + "/" + c.Protocol }

// Probe is one run.
type Probe struct {
	Name     string // what is special about it, before the names of its figures; may be empty
	World    string
	Script   string
	Measures []Measure
	// Live: how many rounds there are for each in which it runs. One that mostly
	// waits is not worth every round.
	Every int
	Cold  int // so many calls are left out before the first sample
}

// Measure reads one figure from a run, or from a batch of its calls.
type Measure struct {
	Name   string
	Unit   string
	Digits int // after the point
	Batch  int // how many calls make one sample; 0: the run does
	Of     func(world.Result) (float64, error)
}

// Rows lists the table's rows, in the order of the document.
func Rows() []Row {
	rows := []Row{
		kind(), reliability(), setup(), order(), congestion(), flow(), headers(),
		multiplexing(), push(), boundaries(), speed(), complexity(), use(),
	}
	for r := range rows {
		for i := range rows[r].Cells {
			rows[r].Cells[i].Row, rows[r].Cells[i].Protocol = rows[r].Name, Protocols[i]
		}
	}
	return rows
}

// Lookup finds a cell by its name.
func Lookup(name string) (Row, Cell, bool) {
	for _, row := range Rows() {
		for _, cell := range row.Cells {
			if cell.Name() == name {
				return row, cell, true
			}
		}
	}
	return Row{}, Cell{}, false
}

// Names lists the cells that can be measured.
func Names() []string {
	var names []string
	for _, row := range Rows() {
		for _, cell := range row.Cells {
			if len(cell.Probes) > 0 {
				names = append(names, cell.Name())
			}
		}
	}
	return names
}

// claims makes the cells of a row out of what the document says.
func claims(tcp, udp, http, grpc string) (cells [len(Protocols)]Cell) {
	for i, claim := range [...]string{tcp, udp, http, grpc} {
		cells[i].Claim = claim
	}
	return cells
}

// script writes the script of a probe. Its faults stay until the client is done,
// and the settle lets that take its time.
func script(protocol, workload string, steps ...string) string {
	text := fmt.Sprintf("system   %s\nworkload protocol=%s %s\nsettle   1m\n", echo.Name, protocol, workload)
	if len(steps) > 0 {
		text += "\n" + strings.Join(steps, "\n") + "\n"
	}
	return text
}

// Read takes the samples of each of a probe's figures from a run of it. A run
// that cannot be trusted has none.
func (p Probe) Read(r world.Result) ([][]float64, error) {
	if len(r.Record.Problems) > 0 {
		return nil, fmt.Errorf("its run says nothing: %s", strings.Join(r.Record.Problems, "; "))
	}
	if healedEarly(r) {
		return nil, errors.New("its faults were over before its client was done, so that it measures something else; give it a longer settle")
	}
	samples := make([][]float64, len(p.Measures))
	for i, m := range p.Measures {
		batches, err := m.batches(r, p.Cold)
		if err != nil {
			return nil, err
		}
		for _, b := range batches {
			v, err := m.Of(b)
			if err != nil {
				return nil, fmt.Errorf("measure %s: %w", m.Name, err)
			}
			samples[i] = append(samples[i], v)
		}
	}
	return samples, nil
}

// healedEarly reports whether the client went on after the end of all faults.
func healedEarly(r world.Result) bool {
	healed := false
	for _, e := range r.Events {
		healed = healed || e.Kind == history.Heal && e.Op == history.HealAll
		if healed && e.Node == "client" && e.Kind == history.Invoke {
			return true
		}
	}
	return false
}
