package sensor_test

import (
	"context"
	"fmt"
	"testing"

	"faultlab/scenarios"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
	"os"
)

func TestOne(t *testing.T) {
	name := os.Getenv("SC")
	text, err := os.ReadFile("../../scenarios/sensor/" + name + ".scenario")
	if err != nil {
		t.Skip(err)
	}
	reg := systems.All()
	sc, err := scenarios.Parse("sensor/"+name, name, text, world.Vocabulary(reg))
	if err != nil {
		t.Fatal(err)
	}
	sys, _ := reg.Lookup(sc.System)
	for _, vn := range []string{"original", "hardened"} {
		v, _ := sys.Variant(vn)
		res := world.Run(context.Background(), world.Spec{System: sys, Variant: v, Scenario: sc, Seed: 1}, virtual.New())
		if os.Getenv("EV") != "" {
			for _, e := range res.Events {
				fmt.Printf("%+v\n", e)
			}
		}
		fmt.Println(vn, res.Outcome, res.AsExpected, res.Reasons, res.Record.Problems, len(res.Events), res.Record.Elapsed, res.Record.Virtual)
		for _, v := range res.Verdicts {
			fmt.Println("  ", v.Property, v.Outcome, v.Count, v.Why)
		}
		for _, f := range res.Record.Faults {
			fmt.Printf("   %+v\n", f)
		}
	}
}
