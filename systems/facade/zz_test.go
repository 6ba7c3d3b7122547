package facade

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"

	"faultlab/scenarios"
	"faultlab/sim/explore"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/virtual"
)

func TestZZ(t *testing.T) {
	k, _ := strconv.Atoi(os.Getenv("ZZ"))
	vi, _ := strconv.Atoi(os.Getenv("ZZV"))
	labs := lab.Register(System())
	s := labs.Systems()[0]
	e := explore.New(s, &s.Variants[vi], world.Vocabulary(labs), virtual.New(), uint64(k))
	script := e.Script(explore.Seed(lab.Draw(uint64(k), "replay")), explore.Options{Faults: 6, Least: 4})
	os.WriteFile("/tmp/zz.scenario", scenarios.Print(script), 0o644)
	seen := map[string]int{}
	for i := range 20 {
		r := e.Run(script)
		var text bytes.Buffer
		history.Write(&text, r.Events)
		if seen[text.String()] == 0 {
			os.WriteFile(fmt.Sprintf("/tmp/zz%d.jsonl", len(seen)), text.Bytes(), 0o644)
			t.Log(i, r.Outcome, r.Record.Problems)
		}
		seen[text.String()]++
	}
	for _, n := range seen {
		t.Log(n)
	}
}
