package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/param"
	"faultlab/systems"
)

// testLabs are the labs of the program and a few more: one whose script can make
// it take its process down, one that does so by itself, one as small as a lab can
// be, and one in which people talk.
func testLabs() lab.Registry {
	return lab.Register(append(systems.All().Systems(), fragile(), doomed(), notes(), talk())...)
}

// doomed is the fragile lab, and breaks whatever the script.
func doomed() *lab.System {
	s := fragile()
	s.Name = "doomed"
	s.Params[2].Default = "stray"
	return s
}

// fragile is one node that writes a file, and one that is there to listen. Its
// original variant writes every entry twice.
func fragile() *lab.System {
	roles := func(times int) map[string]func(context.Context, lab.Env) error {
		return map[string]func(context.Context, lab.Env) error{
			"writer":   func(ctx context.Context, env lab.Env) error { return write(ctx, env, times) },
			"listener": listen,
		}
	}
	bound := func(lab.Params) time.Duration { return time.Second }
	return &lab.System{
		Name:  "fragile",
		Story: "A writer that breaks when it is told to.",
		Params: param.List{
			{Name: "entries", Default: 3, Min: 1, Doc: "Entries to write."},
			{Name: "every", Default: time.Millisecond, Doc: "The period between them."},
			{Name: "breaks", Default: "no", OneOf: []string{"no", "panic", "stray", "spin", "fill", "lock", "once", "start"}, Doc: "How it breaks at the second entry, or at its start."},
		},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{
				{Name: "writer", Role: "writer", Host: "desk", Client: true},
				{Name: "listener", Role: "listener", Host: "desk"},
			}
		},
		Links:   func(lab.Params) []lab.Link { return []lab.Link{{From: "writer", To: "listener", Port: 8000}} },
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("entries")) * p.Duration("every") },
		Variants: []lab.Variant{
			{Name: "original", Summary: "Writes twice.", Bound: bound, Roles: roles(2), ReadBack: readBack},
			{Name: "hardened", Summary: "Writes once.", Promises: []string{"no-loss", "no-duplicates"}, Bound: bound, Roles: roles(1), ReadBack: readBack},
		},
	}
}

func write(ctx context.Context, env lab.Env, times int) error {
	p := env.Params()
	return lab.Workload(ctx, env, int64(p.Int("entries")), p.Duration("every"), func(seq int64) {
		if seq == 2 {
			breakDown(p.String("breaks"), times)
		}
		entry := history.Event{Op: "write", Source: "writer", Seq: seq, Value: fmt.Sprint("entry ", seq)}
		entry.Kind = history.Invoke
		env.Record(entry)
		env.Printf("writing %d", seq)
		entry.Kind = history.OK
		for range times {
			if env.Disk().Append("log", []byte(entry.Value+"\n")) != nil {
				entry.Kind = history.Info
			}
		}
		env.Record(entry)
	})
}

func listen(ctx context.Context, env lab.Env) error {
	if env.Params().String("breaks") == "start" {
		return errors.New("the port is rusted")
	}
	ln, err := env.Listen(8000)
	if err != nil {
		return err
	}
	defer ln.Close()
	<-ctx.Done()
	return nil
}

func breakDown(how string, times int) {
	switch how {
	case "once": // only the variant that writes once
		if times == 1 {
			breakDown("stray", times)
		}
	case "panic":
		panic("the writer broke")
	case "stray": // in a goroutine of its own, where nobody can recover it
		go func() { panic("the stray broke") }()
		select {}
	case "spin":
		//lint:ignore SA5002 it is meant to spin
		for {
		}
	case "fill":
		kept := map[int][]byte{}
		for i := 0; ; i++ {
			kept[i] = make([]byte, 1<<20)
		}
	case "lock":
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	}
}

func readBack(_ context.Context, o lab.Observer) ([]history.Event, error) {
	text, err := o.Disk("desk").Read("log")
	if err != nil {
		return nil, err
	}
	var entries []history.Event
	for line := range strings.Lines(string(text)) {
		e := history.Event{Source: "writer", Value: strings.TrimSuffix(line, "\n")}
		if _, err := fmt.Sscanf(e.Value, "entry %d", &e.Seq); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}
