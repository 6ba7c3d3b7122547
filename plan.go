package main

import (
	"errors"
	"fmt"
	"strings"

	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// job is one run to be done.
type job struct {
	script script
	spec   world.Spec
	world  string // live or virtual
}

func (j job) String() string {
	return fmt.Sprintf("%s %s %s", j.script.Name, j.spec.Variant.Name, j.world)
}

// plan expands scripts into runs: every variant that has something to show,
// in each world that was asked for and can do it. Scripts that only the other
// world can do are left out, and it is an error if no run is left.
func plan(scripts []script, o runOptions) (jobs []job, left []string, err error) {
	var errs []error
	for _, s := range scripts {
		variants, err := chooseVariants(s, o.variant)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		worlds := o.worlds()
		if s.World != "" {
			if o.world == "live" {
				left = append(left, s.arg)
				continue
			}
			worlds = []string{s.World}
		}
		for _, v := range variants {
			for _, w := range worlds {
				jobs = append(jobs, job{script: s, spec: s.spec(v, o.seed), world: w})
			}
		}
	}
	if len(jobs) == 0 && len(left) > 0 {
		errs = append(errs, fmt.Errorf("only the virtual world can do %s; run it with -world virtual", strings.Join(left, ", ")))
	}
	return jobs, left, errors.Join(errs...)
}

// spec is what to run: a script against a variant. The seed is the one given,
// else the script's own, else 1.
func (s script) spec(v *lab.Variant, seed *uint64) world.Spec {
	spec := world.Spec{System: s.system, Variant: v, Scenario: s.Scenario, Seed: 1}
	if s.Seed != nil {
		spec.Seed = *s.Seed
	}
	if seed != nil {
		spec.Seed = *seed
	}
	return spec
}

// chooseVariants gives the variant of that name, or all that the script
// expects something of or that promise something.
func chooseVariants(s script, name string) ([]*lab.Variant, error) {
	if name != "" {
		v, err := variantOf(s.system, name)
		if err != nil {
			return nil, err
		}
		return []*lab.Variant{v}, nil
	}
	expected := map[string]bool{}
	for _, e := range s.Expects {
		expected[e.Variant] = true
	}
	var chosen []*lab.Variant
	for i := range s.system.Variants {
		v := &s.system.Variants[i]
		if expected[v.Name] || len(v.Promises) > 0 {
			chosen = append(chosen, v)
		}
	}
	return chosen, nil
}
