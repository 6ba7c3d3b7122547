package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"faultlab/reports"
	"faultlab/scenarios"
	"faultlab/sim/world"
)

const checkHelp = `Judges saved runs again, from their records and histories alone. DIR is the folder
of a run, or any folder above: then all runs below it are judged. The verdicts
are written anew, and so are summary.json, junit.xml and index.html of a folder
with several runs.

` + exitCodes

func (c command) check(_ context.Context, args []string) int {
	flags := c.newFlags("check", checkHelp)
	rest, code, ok := c.parse(flags, args)
	if !ok {
		return code
	}
	if len(rest) != 1 {
		return c.usage("check: takes one folder, like %s", filepath.Join("reports", "out"))
	}
	dir := rest[0]
	found, err := reports.Find(dir)
	if err != nil {
		return c.usage("%v", err)
	}
	if len(found) == 0 {
		return c.usage("no saved runs in %s; `faultlab run` saves some in %s", dir, filepath.Join("reports", "out"))
	}
	// All are read before anything is written: damage in one must not leave a
	// summary that counts the others.
	var runs []reports.Run
	var errs []error
	for _, folder := range found {
		rec, events, err := reports.Load(folder)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		r := reports.Run{
			Result: world.Result{Record: rec, Events: events, Judgement: world.Judge(rec, events)},
			Script: c.scriptOf(rec, folder),
		}
		r.Explain()
		r.Events = nil // hundreds of runs would fill the memory
		runs = append(runs, r)
	}
	if err := errors.Join(errs...); err != nil {
		return c.usage("%v", err)
	}
	for i, r := range runs {
		if err := reports.SaveVerdict(found[i], r); err != nil {
			return c.usage("%v", err)
		}
	}
	if err := reports.Pages(found, runs); err != nil {
		return c.usage("%v", err)
	}
	slices.SortStableFunc(runs, c.asRun)
	if !slices.Contains(found, filepath.Clean(dir)) {
		if err := reports.Write(dir, runs); err != nil {
			return c.usage("%v", err)
		}
	}
	if err := reports.Table(c.out, runs, c.outColor); err != nil {
		return c.usage("%v", err)
	}
	return exitCode(runs)
}

// asRun puts the runs of a scenario into the order in which run does them: the
// original before the hardened variant, the virtual world before the live one.
// Folders come sorted by name.
func (c command) asRun(a, b reports.Run) int {
	rank := func(rec world.Record) int {
		system, ok := c.labs.Lookup(rec.Lab)
		if !ok {
			return -1
		}
		return slices.Index(system.VariantNames(), rec.Variant)
	}
	return cmp.Or(
		cmp.Compare(a.Record.Lab, b.Record.Lab),
		cmp.Compare(reports.ScenarioName(a.Record), reports.ScenarioName(b.Record)),
		cmp.Compare(rank(a.Record), rank(b.Record)),
		-cmp.Compare(a.Record.World, b.Record.World),
	)
}

// scriptOf is what a command line calls the script of a saved run: its name,
// if a scenario of that name and text comes with the program, else the copy in
// the run's folder.
func (c command) scriptOf(rec world.Record, folder string) string {
	if text, err := fs.ReadFile(scenarios.Embedded(), rec.Scenario+scenarios.Ext); err == nil {
		s, err := parseScript(rec.Scenario, rec.Scenario, text, c.labs, c.words)
		if err == nil && string(scenarios.Print(s.Scenario)) == rec.Script {
			return rec.Scenario
		}
	}
	return filepath.ToSlash(filepath.Join(folder, "scenario"))
}
