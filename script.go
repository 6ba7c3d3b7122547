package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"faultlab/scenarios"
	"faultlab/sim/lab"
)

// script is a scenario that was asked for.
type script struct {
	*scenarios.Scenario
	system *lab.System
	arg    string // what a command line calls it
	text   []byte
}

// scripts finds, reads and validates the scenarios that the arguments name, all
// of them before anything starts: a typing mistake in the last one must not
// cost the time of the others. No arguments name all that come with the
// program.
func (c command) scripts(args []string) ([]script, error) {
	if len(args) == 0 {
		args = scenarios.List()
	}
	var found []script
	var errs []error
	for _, arg := range args {
		names, err := c.resolve(arg)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, name := range names {
			if slices.ContainsFunc(found, func(s script) bool { return s.arg == name }) {
				continue // asked for twice, as in `run sensor lost-ack`
			}
			s, err := c.read(name)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			if i := slices.IndexFunc(found, func(o script) bool { return o.Name == s.Name }); i >= 0 {
				errs = append(errs, fmt.Errorf("%s and %s would both be saved as %s; rename one of them", found[i].arg, s.arg, s.Name))
				continue
			}
			found = append(found, s)
		}
	}
	return found, errors.Join(errs...)
}

// resolve gives the names and paths that one argument stands for.
func (c command) resolve(arg string) ([]string, error) {
	known := scenarios.List()
	if slices.Contains(known, arg) {
		return []string{arg}, nil
	}
	var ofLab, last []string
	for _, name := range known {
		if path.Dir(name) == arg {
			ofLab = append(ofLab, name)
		}
		if path.Base(name) == arg {
			last = append(last, name)
		}
	}
	switch {
	case len(ofLab) > 0:
		return ofLab, nil
	case len(last) == 1:
		return last, nil
	case len(last) > 1:
		return nil, fmt.Errorf("%q could be %s; write the lab too", arg, strings.Join(last, " or "))
	}
	switch info, err := os.Stat(arg); {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a folder; name the scenario scripts in it", arg)
	case err == nil:
		return []string{filepath.ToSlash(filepath.Clean(arg))}, nil
	case filepath.Ext(arg) == scenarios.Ext:
		return nil, fmt.Errorf("read a scenario: %w", err)
	}
	if slices.Contains(c.labs.Names(), arg) {
		return nil, fmt.Errorf("no scenarios of lab %q come with this program; name the file of one", arg)
	}
	return nil, fmt.Errorf("no scenario, lab or file %q%s; `faultlab list` shows all", arg, suggestion(arg, known, c.labs.Names()))
}

// read reads and validates the script of that name or path.
func (c command) read(name string) (script, error) {
	var text []byte
	var err error
	file := name
	if slices.Contains(scenarios.List(), name) {
		file += scenarios.Ext
		text, err = fs.ReadFile(scenarios.Embedded(), file)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return script{}, fmt.Errorf("read a scenario: %w", err)
	}
	return parseScript(name, file, text, c.labs, c.words)
}

// parseScript validates the script that a command line calls arg. file stands
// for it in errors.
func parseScript(arg, file string, text []byte, labs lab.Registry, words scenarios.Vocabulary) (script, error) {
	base := strings.TrimSuffix(path.Base(arg), scenarios.Ext)
	sc, err := scenarios.Parse(base, file, text, words)
	if err != nil {
		return script{}, err
	}
	sc.Name = sc.System + "/" + base
	system, ok := labs.Lookup(sc.System)
	if !ok {
		return script{}, fmt.Errorf("%s: no lab %q", arg, sc.System)
	}
	return script{Scenario: sc, system: system, arg: arg, text: text}, nil
}

// suggestion names what the writer may have meant: the nearest scenario or lab.
func suggestion(arg string, known, labs []string) string {
	words := slices.Concat(known, labs)
	for _, name := range known {
		words = append(words, path.Base(name))
	}
	near, found := scenarios.Nearest(arg, words)
	if !found {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", near)
}
