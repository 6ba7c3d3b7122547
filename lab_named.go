package main

import (
	"fmt"
	"strings"

	"faultlab/sim/lab"
)

// labNamed finds what a command is about that takes LAB or LAB/VARIANT, as in
// example; the variant is nil if none is named.
func (c command) labNamed(names []string, example string) (*lab.System, *lab.Variant, error) {
	if len(names) != 1 {
		return nil, nil, fmt.Errorf("takes one lab, like `%s`; there are %s", example, strings.Join(c.labs.Names(), ", "))
	}
	name, variant, found := strings.Cut(names[0], "/")
	system, ok := c.labs.Lookup(name)
	if !ok {
		return nil, nil, fmt.Errorf("no lab %q%s; `faultlab list` shows all", name, suggestion(name, nil, c.labs.Names()))
	}
	if !found {
		return system, nil, nil
	}
	v, err := variantOf(system, variant)
	return system, v, err
}

// variantOf finds a variant of a lab.
func variantOf(system *lab.System, name string) (*lab.Variant, error) {
	v, ok := system.Variant(name)
	if !ok {
		return nil, fmt.Errorf("lab %s has no variant %q; it has %s", system.Name, name, strings.Join(system.VariantNames(), ", "))
	}
	return v, nil
}
