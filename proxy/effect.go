package proxy

import (
	"fmt"
	"strings"
)

// Add adds what a fault met elsewhere: a partition is one fault on many links.
func (e *Effect) Add(other Effect) {
	e.Connections += other.Connections
	e.Chunks += other.Chunks
	e.Bytes += other.Bytes
	e.Refused += other.Refused
	e.Datagrams += other.Datagrams
	e.Lost += other.Lost
	e.Duplicated += other.Duplicated
	e.Reordered += other.Reordered
	e.Corrupted += other.Corrupted
	e.Truncated += other.Truncated
}

// String is like "3 connections, 17 chunks, 1204 bytes". It is empty for a
// fault that met nothing.
func (e Effect) String() string {
	var parts []string
	for _, part := range []struct {
		n         int64
		one, many string
	}{
		{e.Connections, "connection", "connections"},
		{e.Chunks, "chunk", "chunks"},
		{e.Datagrams, "datagram", "datagrams"},
		{e.Bytes, "byte", "bytes"},
		{e.Refused, "refused dial", "refused dials"},
		{e.Lost, "lost", "lost"},
		{e.Duplicated, "copy", "copies"},
		{e.Reordered, "overtaken", "overtaken"},
		{e.Corrupted, "corrupted", "corrupted"},
		{e.Truncated, "truncated", "truncated"},
	} {
		switch part.n {
		case 0:
		case 1:
			parts = append(parts, "1 "+part.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.many))
		}
	}
	return strings.Join(parts, ", ")
}
