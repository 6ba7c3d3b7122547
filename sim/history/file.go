package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"unicode/utf8"
)

// DamageError reports a place in a history file that cannot be trusted.
type DamageError struct {
	File string // as given to Read
	Line int    // from 1
	Err  error  // what is wrong there
}

func (e *DamageError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

func (e *DamageError) Unwrap() error { return e.Err }

// Write prints events to w, one a line.
func Write(w io.Writer, events []Event) error {
	buf := bufio.NewWriter(w)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	for i := range events {
		if err := enc.Encode(&events[i]); err != nil {
			return fmt.Errorf("write event %d: %w", i+1, err)
		}
	}
	return buf.Flush()
}

// WriteFile saves events at path, under a temporary name first: a reader finds
// the whole history or none.
func WriteFile(path string, events []Event) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".history-*")
	if err != nil {
		return fmt.Errorf("save history: %w", err)
	}
	defer os.Remove(tmp.Name())
	err = errors.Join(Write(tmp, events), tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("save history: %w", err)
	}
	return nil
}

// ReadFile reads the history saved at path.
func ReadFile(path string) ([]Event, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, path)
}

// Read reads a whole history. Damage of any sort ends in a DamageError that
// names its line; name stands for the file in it.
func Read(r io.Reader, name string) ([]Event, error) {
	var events []Event
	in := bufio.NewReader(r)
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF && len(text) == 0 {
			return events, nil
		}
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		e, bad := Parse(text)
		switch {
		case err == io.EOF:
			bad = errors.New("the last line has no end: the file was cut short")
		case bad == nil && len(events) > 0 && e.T < events[len(events)-1].T:
			bad = fmt.Errorf("time runs backwards: t=%d after t=%d", e.T, events[len(events)-1].T)
		}
		if bad != nil {
			return nil, &DamageError{File: name, Line: line, Err: bad}
		}
		events = append(events, e)
	}
}

// missing is the time of a line that tells none: 0 would be the start.
const missing = math.MinInt64

// Parse reads one line. Fields and kinds that no history has are errors, so
// that a damaged line is not taken for a poorer one.
func Parse(line []byte) (Event, error) {
	if !utf8.Valid(line) { // the decoder would put U+FFFD in its place
		return Event{}, errors.New("not an event: it is not UTF-8")
	}
	e := Event{T: missing}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		if errors.Is(err, io.EOF) {
			return e, errors.New("an empty line is no event")
		}
		return e, fmt.Errorf("not an event: %w", err)
	}
	if rest := bytes.TrimSpace(line[dec.InputOffset():]); len(rest) > 0 {
		return e, fmt.Errorf("not an event: %q follows it on the line", rest)
	}
	switch {
	case !slices.Contains(Kinds, e.Kind):
		return e, fmt.Errorf("not an event: unknown kind %q", e.Kind)
	case e.T == missing:
		return e, errors.New("not an event: it has no t")
	case e.T < 0:
		return e, fmt.Errorf("not an event: t=%d lies before the start", e.T)
	case e.Seq < 0:
		return e, fmt.Errorf("not an event: seq=%d is negative", e.Seq)
	}
	return e, nil
}
