package main

import (
	"fmt"
	"io"
)

// sameShown is how often a node's line is shown while it says nothing else.
// Some wait aloud: the sensor lab's forwarder says a hundred times a second
// that there is no file yet.
const sameShown = 3

// consoles shows what the nodes of a served lab print, the node's name in
// front.
type consoles struct {
	out  io.Writer
	last map[string]said // by node
}

// said is a line, and how often in a row.
type said struct {
	line  string
	times int
}

func (c consoles) print(node, line string) {
	s := c.last[node]
	if s.line != line {
		s = said{line: line}
	}
	s.times++
	c.last[node] = s
	switch {
	case s.times <= sameShown:
		fmt.Fprintf(c.out, "%s | %s\n", node, line)
	case s.times == sameShown+1:
		fmt.Fprintf(c.out, "%s | … and so on, until it says something else\n", node)
	}
}
