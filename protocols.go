package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"faultlab/reports"
	table "faultlab/reports/protocols"
	"faultlab/sim/lab"
	"faultlab/sim/protocols"
	"faultlab/sim/protocols/echo"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
)

// liveRounds is how often live figures are measured: often enough for sixty
// samples of each that is not exact, see the batches of protocols.Probe, and of
// many processes, since two parts of one run have much in common. The first round
// is not counted: it finds cold caches, and loads the program of the nodes.
const liveRounds = 25

const protocolsHelp = `Measures what document 001 says of TCP, UDP, HTTP/1.1 and gRPC: set-up,
reliability, order, flow control, headers, multiplexing, push, boundaries and
speed. What can be exact runs in the virtual world, and takes seconds; -live
adds, in about half a minute, what must be real: sizes of buffers, and times
without latency. Leave the machine alone meanwhile: under another load these
are other figures, and a load that comes or goes makes them noisy. What cannot
be measured here says why.

It writes protocols.md, protocols.json and protocols.html.

With -cell one cell is measured again, and shown with its script. The cells are
%s.

Exit codes: 0 measured; 2 the command line is wrong, or a file could not be
written; 3 a run said nothing, and its figures are missing; 130 interrupted.
`

// withEcho are labs, and the system with which protocols are measured besides.
// Nodes and workers know it, and nobody lists or runs it.
func withEcho(labs lab.Registry) lab.Registry {
	return lab.Register(append(labs.Systems(), echo.System())...)
}

func (c command) protocols(ctx context.Context, args []string) int {
	cells := protocols.Names()
	fs := c.newFlags("protocols", fmt.Sprintf(protocolsHelp, wrapped(cells, 78)))
	out := fs.String("out", filepath.Join("reports", "out"), "`folder` for the results")
	withLive := fs.Bool("live", false, "measure in real processes, too")
	cell := fs.String("cell", "", "measure one `cell` only, such as setup/tcp, and write nothing")
	rest, code, ok := c.parse(fs, args)
	switch {
	case !ok:
		return code
	case len(rest) > 0:
		return c.usage("protocols: it takes no arguments, and %q is one; did you mean -cell %s?", rest[0], rest[0])
	case *withLive && defaultWorlds() != "both":
		return c.usage("protocols: this system has no live world; leave out -live")
	}
	if *cell != "" {
		row, found, ok := protocols.Lookup(*cell)
		if !ok {
			return c.usage("protocols: there is no cell %q%s; the cells are %s", *cell, suggestion(*cell, cells, nil), strings.Join(cells, ", "))
		}
		m := protocols.BeginCell(found)
		return c.finish(ctx, []*protocols.Measured{m}, defaultWorlds() == "both", func() error { return table.CellText(c.out, row, m) })
	}
	rows := protocols.Begin()
	var all []*protocols.Measured
	for _, row := range rows {
		all = append(all, row.Cells...)
	}
	return c.finish(ctx, all, *withLive, func() error {
		if err := reports.WriteProtocols(*out, rows); err != nil {
			return err
		}
		if err := table.Text(c.out, rows); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "results: %s\n", filepath.Join(*out, "protocols.html"))
		return err
	})
}

// finish measures cells and reports on them.
func (c command) finish(ctx context.Context, cells []*protocols.Measured, withLive bool, report func() error) int {
	if err := c.measure(ctx, cells, withLive); err != nil {
		return c.usage("protocols: %v", err)
	}
	if ctx.Err() != nil {
		fmt.Fprintln(c.err, "faultlab: interrupted: nothing was written")
		return exitInterrupted
	}
	if err := report(); err != nil {
		return c.usage("protocols: %v", err)
	}
	for _, m := range cells {
		if len(m.Problems) > 0 {
			return exitUnknown
		}
	}
	return exitOK
}

// probing is a probe of a cell, ready to run.
type probing struct {
	cell  *protocols.Measured
	probe int
	job   job
}

func (p probing) every() int { return p.cell.Probes[p.probe].Every }

// measure runs the probes of cells: all virtual ones at once, and the live ones
// in turns, so that what else the machine does meets each of them.
func (c command) measure(ctx context.Context, cells []*protocols.Measured, withLive bool) error {
	var exact, real []probing
	for _, m := range cells {
		for i, p := range m.Probes {
			j, err := probeJob(m.Cell, p)
			switch {
			case err != nil:
				return err
			case p.World == protocols.Virtual:
				exact = append(exact, probing{m, i, j})
			case withLive:
				real = append(real, probing{m, i, j})
			}
		}
	}
	steps := len(exact)
	for _, p := range real {
		steps += (liveRounds + p.every() - 1) / p.every()
	}
	show := newProgress(c.err, c.terminal, c.errColor, steps)
	defer show.close()
	c.measureExact(ctx, exact, show)
	w := live.New(live.Options{Notice: show.note})
	for round := range liveRounds {
		for _, p := range real {
			if ctx.Err() != nil {
				return nil
			}
			if round%p.every() != 0 {
				continue
			}
			show.besides(fmt.Sprintf("%s, live, round %d of %d", p.cell.Name(), round+1, liveRounds))
			r := runWithin(ctx, liveLimit(p.job.spec), p.job.spec, w)
			if round > 0 && ctx.Err() == nil {
				p.cell.Add(p.probe, r)
			}
			show.step()
		}
	}
	return nil
}

func (c command) measureExact(ctx context.Context, all []probing, show *progress) {
	jobs := make([]job, len(all))
	for i, p := range all {
		jobs[i] = p.job
	}
	results := make([]world.Result, len(all))
	var mu sync.Mutex // guards results
	show.besides("exact figures, in the virtual world")
	c.rerun(ctx, jobs, func(i int, r world.Result) {
		mu.Lock()
		defer mu.Unlock()
		results[i] = r
		show.step()
	})
	if ctx.Err() != nil {
		return
	}
	for i, p := range all {
		p.cell.Add(p.probe, results[i])
	}
}

// probeJob makes the job of a probe. Its script is part of the program, and so
// an error is a mistake in that.
func probeJob(cell protocols.Cell, p protocols.Probe) (job, error) {
	labs := lab.Register(echo.System())
	s, err := parseScript(cell.Name(), cell.Name(), []byte(p.Script), labs, world.Vocabulary(labs))
	if err != nil {
		return job{}, fmt.Errorf("read the script of %s: %w", cell.Name(), err)
	}
	return job{script: s, spec: s.spec(&s.system.Variants[0], nil), world: p.World}, nil
}

// wrapped lists words in lines that are no longer than so many characters.
func wrapped(words []string, width int) string {
	var text strings.Builder
	column := 0
	for i, w := range words {
		if i < len(words)-1 {
			w += ","
		}
		switch {
		case column == 0:
		case column+1+len(w) > width:
			text.WriteString("\n")
			column = 0
		default:
			text.WriteString(" ")
			column++
		}
		text.WriteString(w)
		column += len(w)
	}
	return text.String()
}
