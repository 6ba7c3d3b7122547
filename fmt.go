package main

import (
	"bytes"
	"context"
	"errors"
	"os"

	"faultlab/scenarios"
)

func (c command) fmt(_ context.Context, args []string) int {
	fs := c.newFlags("fmt", "Prints scenario scripts in canonical form: aligned, one way to write each thing.")
	write := fs.Bool("w", false, "rewrite the files instead")
	files, code, ok := c.parse(fs, args)
	if !ok {
		return code
	}
	if len(files) == 0 {
		return c.usage("fmt: takes the files of scenarios")
	}
	var errs []error
	for _, file := range files {
		if err := c.format(file, *write); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return c.usage("%v", err)
	}
	return exitOK
}

func (c command) format(file string, write bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	s, err := parseScript(file, file, text, c.labs, c.words)
	if err != nil {
		return err
	}
	canonical := scenarios.Print(s.Scenario)
	if !write {
		_, err := c.out.Write(canonical)
		return err
	}
	if bytes.Equal(text, canonical) {
		return nil
	}
	return os.WriteFile(file, canonical, 0o644)
}
