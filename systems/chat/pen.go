package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"faultlab/sim/lab"
)

const (
	// patience is how long a line may take to the disk before its person is told
	// that it is not there yet.
	patience = 2 * time.Second
	// pause is how long a program rests before it tries again what failed.
	pause = 20 * time.Millisecond
	// longest is more than anybody types in a line, in bytes.
	longest = 4096
)

// pen writes own lines into the book, in the order in which they were said. One
// that the disk does not take is tried again, and the next ones queue behind it.
type pen struct {
	book  *book
	to    string
	queue chan saying
	idle  chan struct{} // closed when nothing is written any more
}

// saying is a line on its way into the book.
type saying struct {
	text string
	done chan struct{} // closed when it stands there
}

func newPen(b *book, to string) *pen {
	p := &pen{
		book: b, to: to,
		queue: make(chan saying, b.screen.env.Params().Int("lines")+1), idle: make(chan struct{}),
	}
	go p.run()
	return p
}

func (p *pen) run() {
	defer close(p.idle)
	for s := range p.queue {
		for err := p.write(s.text); err != nil; err = p.write(s.text) {
			// One that is cut off now would be owed.
			if errors.Is(err, lab.ErrKilled) || p.book.failed != nil || lab.Rest(p.book.life, pause) != nil {
				return
			}
		}
		close(s.done)
	}
}

func (p *pen) write(text string) error {
	if err := p.book.await(p.book.life); err != nil {
		return err
	}
	return p.book.say(p.to, text)
}

var errNotYet = errors.New("it is not on disk yet, and is tried again")

// say returns nil once the line is on disk and on the screen.
func (p *pen) say(_ context.Context, text string) error {
	if len(text) > longest {
		p.book.screen.print("A line has at most %d bytes; say that in two.", longest)
		return fmt.Errorf("a line of %d bytes is too long", len(text))
	}
	s := saying{text: text, done: make(chan struct{})}
	p.queue <- s
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-s.done:
	case <-late.C:
	case <-p.idle:
	}
	// Where several are ready the select chose by lot.
	select {
	case <-s.done:
		return nil
	default:
		return errNotYet
	}
}

// finish waits until all that was said is written.
func (p *pen) finish() {
	close(p.queue)
	<-p.idle
}
