package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"

	"faultlab/scenarios"
	"faultlab/sim/explore"
	"faultlab/sim/history"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
	"faultlab/systems"
)

func TestScratchKinds(t *testing.T) {
	if os.Getenv("KINDS") == "" {
		t.Skip()
	}
	for i, f := range world.Vocabulary(systems.All()).Faults {
		fmt.Println(i, f.Name)
	}
}

func TestScratchReplay(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("REPLAYS"))
	if n == 0 {
		t.Skip()
	}
	labs := systems.All()
	words := world.Vocabulary(labs)
	s, _ := labs.Lookup("sensor")
	bad := 0
	from, _ := strconv.Atoi(os.Getenv("FROM"))
	for i := from; i < from+n; i++ {
		for vi := range s.Variants {
			e := explore.Explorer{System: s, Variant: &s.Variants[vi], Words: words, World: virtual.New(), Seed: uint64(i)}
			sc := explore.Script(explore.Seed(i), s, words, explore.Options{Faults: 6})
			var a, b bytes.Buffer
			r1 := e.Run(sc)
			r2 := e.Run(sc)
			history.Write(&a, r1.Events)
			history.Write(&b, r2.Events)
			if r1.Record.Variant == "hardened" && !r1.AsExpected {
				fmt.Printf("seed %d: %v\n%s\n", i, r1.Reasons, scenarios.Print(sc))
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				bad++
				fmt.Printf("seed %d %s differs (%d %d events)\n%s\n", i, s.Variants[vi].Name, len(r1.Events), len(r2.Events), scenarios.Print(sc))
				la, lb := bytes.Split(a.Bytes(), []byte("\n")), bytes.Split(b.Bytes(), []byte("\n"))
				for j := range la {
					if j >= len(lb) || !bytes.Equal(la[j], lb[j]) {
						fmt.Printf("  %d\n  %s\n  %s\n", j, la[j], lb[min(j, len(lb)-1)])
						break
					}
				}
			}
		}
	}
	fmt.Println("differ:", bad, "of", 2*n)
}
