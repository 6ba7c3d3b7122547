package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/world"
)

// Load reads back what a saved run is judged by. Damage is an error that names
// the file and the line: a verdict on half a history would be a wrong one.
func Load(dir string) (world.Record, []history.Event, error) {
	rec, err := loadRecord(filepath.Join(dir, runFile))
	if err != nil {
		return world.Record{}, nil, err
	}
	file := filepath.Join(dir, historyFile)
	events, err := history.ReadFile(file)
	if err != nil {
		return world.Record{}, nil, fmt.Errorf("load the history of a run: %w", err)
	}
	// A file cut between two lines looks whole; only the count tells.
	if len(events) != rec.Events {
		return world.Record{}, nil, &history.DamageError{
			File: file,
			Line: len(events) + 1,
			Err:  fmt.Errorf("the history ends after %d events, and the run had %d: it was cut or changed; run the scenario again", len(events), rec.Events),
		}
	}
	return rec, events, nil
}

func loadRecord(file string) (world.Record, error) {
	var rec world.Record
	text, err := os.ReadFile(file)
	if err != nil {
		return rec, fmt.Errorf("load a run: %w; a saved run has a %s", err, runFile)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	err = dec.Decode(&rec)
	at := dec.InputOffset()
	if err == nil && len(bytes.TrimSpace(text[at:])) > 0 {
		err = errors.New("something follows the record")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at, err = int64(len(text)), errors.New("the file was cut short")
	}
	if err != nil {
		if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = bad.Offset
		} else if bad, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			at = bad.Offset
		}
		line := 1 + bytes.Count(text[:min(at, int64(len(text)))], []byte("\n"))
		return rec, &history.DamageError{File: file, Line: line, Err: fmt.Errorf("not the record of a run: %w", err)}
	}
	if rec.Lab == "" || rec.Variant == "" || rec.World == "" {
		return rec, &history.DamageError{File: file, Line: 1, Err: errors.New("not the record of a run: it names no lab, variant or world")}
	}
	return rec, nil
}

// Find lists the folders of saved runs at or below dir, in lexical order.
// Folders whose names begin with a dot are none: a save that was interrupted
// leaves one.
func Find(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != dir && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case !entry.IsDir() && (entry.Name() == runFile || entry.Name() == historyFile):
			found = append(found, filepath.Dir(path))
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for saved runs: %w", err)
	}
	return found, nil
}
