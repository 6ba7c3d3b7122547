package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"faultlab/reports"
)

// progress tells a waiting person what goes on: on a terminal one line that is
// drawn again, elsewhere a line a run.
type progress struct {
	w        io.Writer
	terminal bool
	color    bool
	total    int

	mu    sync.Mutex
	done  int
	bad   int
	now   []string // jobs under way
	also  string   // what else goes on
	drawn int      // width of the line on the terminal
}

func newProgress(w io.Writer, terminal, color bool, total int) *progress {
	return &progress{w: w, terminal: terminal, color: color, total: total}
}

// begin shows that a job has begun.
func (p *progress) begin(j job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = append(p.now, j.String())
	p.draw()
}

// end shows what came of a job.
func (p *progress) end(j job, r reports.Run) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.now = slices.DeleteFunc(p.now, func(name string) bool { return name == j.String() })
	if r.State() != reports.AsExpected {
		p.bad++
	}
	if p.terminal {
		p.draw()
		return
	}
	fmt.Fprintln(p.w, r.Line(p.color))
}

// besides shows what goes on that is no job; "" when it is over.
func (p *progress) besides(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.also = text
	p.draw()
}

// step counts what is no job of a scenario.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.draw()
}

// note shows a message that belongs to no run.
func (p *progress) note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	fmt.Fprintln(p.w, text)
	p.draw()
}

// close takes the line away: the table follows.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
}

// draw shows the line anew. It stays under the 80 columns of a narrow
// terminal: a line that wraps cannot be drawn over.
func (p *progress) draw() {
	if !p.terminal {
		return
	}
	line := fmt.Sprintf("%d of %d", p.done, p.total)
	if p.bad > 0 {
		line += fmt.Sprintf(", %d not as expected", p.bad)
	}
	now := p.now
	if p.also != "" {
		now = append(slices.Clone(now), p.also)
	}
	if len(now) > 0 {
		line += ": " + strings.Join(now, ", ")
	}
	if runes := []rune(line); len(runes) > 78 {
		line = string(runes[:77]) + "…"
	}
	p.erase()
	fmt.Fprint(p.w, line)
	p.drawn = utf8.RuneCountInString(line)
}

func (p *progress) erase() {
	if p.drawn > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.drawn))
		p.drawn = 0
	}
}
