package udpecho

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// readLine gives the text that a line of the server's console says it received.
func readLine(line string) (said string, ok bool) {
	begin, _, _ := strings.Cut(received, "%s")
	rest, ok := strings.CutPrefix(line, begin)
	if !ok {
		return "", false
	}
	_, said, ok = strings.Cut(rest, ": ")
	return said, ok
}

// readJournal reads the requests that the hardened server has handled.
func readJournal(_ context.Context, o lab.Observer) ([]history.Event, error) {
	records, err := journal.Read(o.Disk(server), handled)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []history.Event
	for _, record := range records {
		f, err := parseFrame(record)
		if err != nil {
			return nil, fmt.Errorf("read what %s has handled: %w", server, err)
		}
		entries = append(entries, f.event())
	}
	return entries, nil
}
