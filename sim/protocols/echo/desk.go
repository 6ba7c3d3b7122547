package echo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// logFile is where the server keeps messages, a quoted one a line.
const logFile = "log"

// desk is what the server does with messages, whatever brings them.
type desk struct{ env lab.Env }

// take records a message, and keeps it if it is to be kept.
func (d desk) take(text string) (message, error) {
	m, _ := parse(text)
	e := m.event()
	e.Kind, e.Msg = history.Recv, request(m)
	d.env.Record(e)
	if !d.env.Params().Bool("log") {
		return m, nil
	}
	if err := d.env.Disk().Append(logFile, []byte(strconv.Quote(text)+"\n")); err != nil {
		return m, fmt.Errorf("keep message %d: %w", m.seq, err)
	}
	e.Kind, e.Msg = history.Store, ""
	d.env.Record(e)
	return m, nil
}

// answer takes a message, and takes its time over a slow one.
func (d desk) answer(ctx context.Context, text string) error {
	m, err := d.take(text)
	if err == nil && m.verb == slow {
		err = lab.Rest(ctx, d.env.Params().Duration("work"))
	}
	return err
}

// readBack reads the server's log. What is no whole message has no number.
func readBack(_ context.Context, o lab.Observer) ([]history.Event, error) {
	data, err := o.Disk(server).Read(logFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []history.Event
	for line := range strings.Lines(string(data)) {
		text, err := strconv.Unquote(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, fmt.Errorf("line %d of %s: %w", len(entries)+1, logFile, err)
		}
		e := history.Event{Value: text}
		if m, whole := parse(text); whole && len(text) == o.Params().Int("size") {
			e = m.event()
			e.Value = text
		}
		entries = append(entries, e)
	}
	return entries, nil
}
