package main

import (
	"context"
	"fmt"
	"strings"

	"faultlab/scenarios"
)

func (c command) list(_ context.Context, args []string) int {
	fs := c.newFlags("list", "Lists the labs with their variants, and the scenarios that come with the\nprogram.")
	rest, code, ok := c.parse(fs, args)
	if !ok {
		return code
	}
	if len(rest) > 0 {
		return c.usage("list: takes no arguments; it lists everything")
	}
	scripts, err := c.scripts(nil)
	if err != nil {
		return c.usage("%v", err)
	}
	wide := 0
	for _, s := range scripts {
		wide = max(wide, len(s.Name))
	}
	for _, system := range c.labs.Systems() {
		fmt.Fprintf(c.out, "%s\n", system.Name)
		fmt.Fprintf(c.out, "  %s\n\n", strings.Join(strings.Fields(system.Story), " "))
		for _, v := range system.Variants {
			fmt.Fprintf(c.out, "  %-10s %s\n", v.Name, v.Summary)
			if len(v.Promises) > 0 {
				fmt.Fprintf(c.out, "  %-10s promises %s\n", "", strings.Join(v.Promises, " "))
			}
		}
		fmt.Fprintln(c.out)
		for _, s := range scripts {
			if s.system == system {
				fmt.Fprintf(c.out, "  %-*s  %s\n", wide, s.Name, firstSentence(s.Scenario))
			}
		}
		fmt.Fprintln(c.out)
	}
	return exitOK
}

// firstSentence is the beginning of a scenario's story.
func firstSentence(s *scenarios.Scenario) string {
	story := strings.Join(strings.Fields(strings.Join(s.Story, " ")), " ")
	if i := strings.Index(story, ". "); i >= 0 {
		return story[:i+1]
	}
	return story
}
