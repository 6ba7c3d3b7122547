package main

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"faultlab/scenarios"
	"faultlab/sim/explore"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

func TestScratch(t *testing.T) {
	k, err := strconv.Atoi(os.Getenv("K"))
	if err != nil {
		t.Skip()
	}
	vi, _ := strconv.Atoi(os.Getenv("V"))
	labs := systems.All()
	words := world.Vocabulary(labs)
	s, _ := labs.Lookup("sensor")
	e := explore.New(s, &s.Variants[vi], words, virtual.New(), uint64(k))
	script := e.Script(explore.Seed(lab.Draw(uint64(k), "replay")), explore.Options{Faults: 6, Least: 4})
	fmt.Printf("%s\n", scenarios.Print(script))
	for range 6 {
		r := e.Run(script)
		for _, f := range r.Record.Faults {
			fmt.Printf("%s %s %q\n", f.Fault, f.Target, f.Effect)
		}
		fmt.Println(r.Reasons)
	}
	if os.Getenv("EV") != "" {
		for _, e := range e.Run(script).Events {
			fmt.Printf("%+v\n", e)
		}
	}
}
