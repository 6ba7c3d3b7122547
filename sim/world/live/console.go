//go:build unix

package live

import (
	"bufio"
	"io"
	"sync"

	"faultlab/sim/history"
)

// consoleKept is how many bytes of a node's last console lines an error
// quotes: a panic with its stack fits.
const consoleKept = 16 << 10

// console remembers the end of what a process wrote to its standard output and
// error.
type console struct {
	mu   sync.Mutex
	last []byte
}

func (c *console) add(line []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = append(append(c.last, line...), '\n')
	c.last = c.last[max(0, len(c.last)-consoleKept):]
}

func (c *console) tail() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.last)
}

// readConsole makes a Print event of every line that the process itself wrote,
// which is above all what a panic prints. A line longer than the buffer comes
// in pieces.
func (p *process) readConsole(output io.Reader) {
	in := bufio.NewReaderSize(output, consoleKept)
	for {
		line, _, err := in.ReadLine()
		if err != nil {
			return
		}
		p.console.add(line)
		p.cluster.hooks.Record(history.Event{
			T: monotonic() - p.cluster.began, Node: p.name, Kind: history.Print, Value: string(line),
		})
	}
}
