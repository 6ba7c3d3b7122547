//go:build unix

package live

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"faultlab/sim/history"
	"faultlab/sim/world"
)

// A node and its runner speak over three pipes, in lines of JSON.
//
//	runner ── orders ──▶ node    the birth first; their end is the node's end
//	runner ◀─ reports ── node    what happens there, in order, one write each
//	runner ◀─ answers ── node    which orders were carried out
//
// Answers do not travel with the reports: the runner reads no further report
// while a watched event waits for its fault, and that fault may be one which
// the same node must first confirm.
const (
	ordersFD  = 3
	reportsFD = 4
	answersFD = 5
)

// marker is the environment variable that makes a process a node. Its value
// tells a person who reads a process list whose node it is.
const marker = "FAULTLAB_NODE"

// birth is all that a node must know; it is the first line of its orders.
type birth struct {
	System  string            `json:"system"`
	Variant string            `json:"variant"`
	Node    string            `json:"node"`
	Params  map[string]string `json:"params"`
	Seed    uint64            `json:"seed"`
	Began   int64             `json:"began"`            // the run's start on the monotonic clock, in ns
	Folder  string            `json:"folder"`           // the disk of its host
	Listen  map[int]string    `json:"listen"`           // documented port → address
	Dial    map[string]string `json:"dial"`             // service → address of the link's proxy
	Person  bool              `json:"person,omitempty"` // sits at it, and has its standard input and output
	Boot    world.Boot        `json:"boot"`
}

// order tells a running node one thing.
type order struct {
	ID      int                `json:"id,omitempty"`      // its answer bears it; 0: none is wanted
	Go      int                `json:"go,omitempty"`      // the waiting event of that number may go ahead
	Set     *world.InsideFault `json:"set,omitempty"`     // comes into force
	Clear   *int               `json:"clear,omitempty"`   // the inside fault of that number is over
	Unwatch history.Kind       `json:"unwatch,omitempty"` // no trigger waits for that kind any more
	Healed  bool               `json:"healed,omitempty"`  // all faults are over
}

// report tells the runner one thing.
type report struct {
	Event   *history.Event `json:"event,omitempty"`
	Wait    int            `json:"wait,omitempty"`    // the event is held back until an order lets this number go
	Waiting bool           `json:"waiting,omitempty"` // the workload is done
	Met     *int           `json:"met,omitempty"`     // the inside fault of that number met its target
	Refused string         `json:"refused,omitempty"` // a dial on that link was refused
	Dialed  *dialed        `json:"dialed,omitempty"`  // a dial succeeded; it waits like a watched event
	Exit    *exit          `json:"exit,omitempty"`    // nothing follows
}

// dialed is a connection that its node has not used yet.
type dialed struct {
	Link   string `json:"link"`
	Client string `json:"client"` // the node's address in it
}

// exit says how a node came to its end, by its own account.
type exit struct {
	Err  string `json:"err,omitempty"`  // what the role returned; "": it was done
	Torn bool   `json:"torn,omitempty"` // a torn append takes the node down
}

// answer says that an order was carried out; 0 stands for the birth: the node
// is ready.
type answer struct {
	ID int `json:"id"`
}

// sender writes lines to a pipe, each in one write: what a killed process had
// written is there whole.
type sender struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *sender) send(v any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(v)
}

// sendLast lets nothing follow v: whoever sends later waits for the end of the
// process.
func (s *sender) sendLast(v any) error {
	s.mu.Lock()
	return s.write(v)
}

func (s *sender) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("live: %T cannot be sent: %v", v, err))
	}
	_, err = s.w.Write(append(line, '\n'))
	return err
}

// receive reads one line into v. The end of the pipe is io.EOF, also in the
// middle of a line: its writer was killed there.
func receive(r *bufio.Reader, v any) error {
	line, err := r.ReadBytes('\n')
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("damaged line %.200q: %w", line, err)
	}
	return nil
}
