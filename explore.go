package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"faultlab/sim/check"
	"faultlab/sim/lab"
)

const exploreHelp = `Searches for what breaks a lab: draws timelines of faults, with a workload each,
runs them in the virtual world, and makes the first that violates a property as
small as it still does. What is left is a script of a few lines, which says what
must come together for the failure, and is told as such.

It looks at every variant of the lab, or at the one that is named, for the
properties that any of them promises or is known to break; with -property for
one only. What is found is saved in the folder explored below -out, ready to be
run. Who asks again with the same seed finds the same.

Exit codes: 0 no promise was broken, whatever else was; 1 one was; 2 the command
line is wrong, or a script could not be saved; 3 a timeline says nothing: it came
to no end, say, or brought its process down; 130 interrupted.
`

// exploreOptions are the flags of explore.
type exploreOptions struct {
	timelines int
	faults    int
	seed      uint64
	property  string
	folder    string
}

func (c command) explore(ctx context.Context, args []string) int {
	o := exploreOptions{seed: 1}
	fs := c.newFlags("explore", exploreHelp)
	fs.IntVar(&o.timelines, "timelines", 1000, "draw this `number` of timelines for each variant")
	fs.IntVar(&o.faults, "faults", 6, "give a timeline at most this `number` of faults")
	fs.Func("seed", "draw everything from this `number` (default 1)", func(text string) (err error) {
		o.seed, err = strconv.ParseUint(text, 10, 64)
		return err
	})
	fs.StringVar(&o.property, "property", "", "look for violations of this `property` only")
	fs.StringVar(&o.folder, "out", filepath.Join("reports", "out"), "`folder` for the results")
	names, code, ok := c.parse(fs, args)
	if !ok {
		return code
	}
	system, variants, err := c.explored(names)
	if err == nil {
		err = o.check()
	}
	if err != nil {
		return c.usage("explore: %v", err)
	}
	code = exitOK
	for _, v := range variants {
		h := hunt{command: c, exploreOptions: o, system: system, variant: v, properties: o.properties(system)}
		found, err := h.run(ctx)
		switch {
		case err != nil:
			return c.usage("explore: %v", err)
		case ctx.Err() != nil:
			fmt.Fprintln(c.err, "faultlab: interrupted")
			return exitInterrupted
		case found == exitDiffers, code == exitOK:
			code = found // a broken promise outranks what is not known
		}
	}
	return code
}

// explored is what LAB or LAB/VARIANT stands for.
func (c command) explored(names []string) (*lab.System, []*lab.Variant, error) {
	system, named, err := c.labNamed(names, "faultlab explore sensor")
	switch {
	case err != nil:
		return nil, nil, err
	case named != nil:
		return system, []*lab.Variant{named}, nil
	}
	var variants []*lab.Variant
	for i := range system.Variants {
		variants = append(variants, &system.Variants[i])
	}
	return system, variants, nil
}

func (o exploreOptions) check() error {
	_, known := check.Lookup(o.property)
	switch {
	case o.timelines < 1 || o.faults < 1 || o.faults > 100:
		return errors.New("-timelines must be at least 1, and -faults between 1 and 100")
	case o.property != "" && !known:
		return fmt.Errorf("-property %s: there is none of that name; `faultlab help scenarios` lists them", o.property)
	}
	return nil
}

// properties are those to look for.
func (o exploreOptions) properties(system *lab.System) []string {
	if o.property != "" {
		return []string{o.property}
	}
	var all []string
	for _, v := range system.Variants {
		all = append(append(all, v.Promises...), v.Breaks...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
