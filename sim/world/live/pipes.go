//go:build unix

package live

import "os"

// pipes are those between a runner and one node. Neither side keeps an end
// that is the other's, or the end of a pipe would never be seen.
type pipes struct {
	ours, theirs []*os.File
	err          error // the first failure
}

// toNode opens a pipe that the node reads.
func (p *pipes) toNode() (theirs, ours *os.File) {
	r, w := p.open()
	p.theirs, p.ours = append(p.theirs, r), append(p.ours, w)
	return r, w
}

// fromNode opens a pipe that the node writes.
func (p *pipes) fromNode() (ours, theirs *os.File) {
	r, w := p.open()
	p.ours, p.theirs = append(p.ours, r), append(p.theirs, w)
	return r, w
}

func (p *pipes) open() (r, w *os.File) {
	if p.err != nil {
		return nil, nil
	}
	r, w, p.err = os.Pipe()
	return r, w
}

func (p *pipes) closeTheirs() { closeAll(p.theirs) }
func (p *pipes) closeOurs()   { closeAll(p.ours) }

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
