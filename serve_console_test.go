package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConsolesCutShortWhoRepeatsItself(t *testing.T) {
	var out strings.Builder
	c := consoles{out: &out, last: map[string]said{}}
	for range 100 {
		c.print("forwarder", "No log file available.")
		c.print("collector", "")
	}
	c.print("forwarder", "ACK 1")
	c.print("forwarder", "No log file available.")
	require.Equal(t, strings.Repeat("forwarder | No log file available.\ncollector | \n", 3)+
		`forwarder | … and so on, until it says something else
collector | … and so on, until it says something else
forwarder | ACK 1
forwarder | No log file available.
`, out.String())
}
