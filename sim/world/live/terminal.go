//go:build unix

package live

import (
	"fmt"
	"io"
	"os"
)

// terminal is a person's: what they type, and what shows on their screen.
type terminal struct {
	io.Reader
	io.Writer
}

// attach makes a person's terminal the standard input and output of a process
// that is not started yet. Neither is handed over itself: the process stands
// outside of the foreground group, and the system would stop it for reading
// the keyboard, and for writing too after `stty tostop`.
func (p *process) attach(person terminal, pipes *pipes) error {
	read, typed := pipes.toNode()
	if pipes.err != nil {
		return fmt.Errorf("open a pipe from the terminal to the node: %w", pipes.err)
	}
	p.cmd.Stdin = read
	p.cmd.Stdout = struct{ io.Writer }{person} // no *os.File, so package exec copies
	go pass(typed, person)
	return nil
}

// pass hands on what is typed. Nothing interrupts a read of a keyboard: pass
// ends with what it reads, or with the first line that nobody takes, and no
// one waits for it.
func pass(typed *os.File, keyboard io.Reader) {
	defer typed.Close() // the node sees that the person has done
	_, _ = io.Copy(typed, keyboard)
}
