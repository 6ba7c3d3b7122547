package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
	"faultlab/sim/param"
)

// The 63 lines from here to the end of the file are a whole lab. A client posts
// notes, each again if no answer comes, to a service that keeps them: the
// original a line a note, the hardened one a file a note. A file that is made
// again is there already, and torn or not, its name is whole.

func notes() *lab.System {
	bound := func(lab.Params) time.Duration { return time.Second }
	return &lab.System{
		Name: "notes", Story: "A client posts notes to a service that keeps them.",
		Params: param.List{{Name: "notes", Default: 3, Min: 1, Try: []string{"2", "9"}, Doc: "Notes to post."}, {Name: "every", Default: time.Millisecond, Doc: "Their period."}},
		Nodes: func(lab.Params) []lab.Node {
			return []lab.Node{{Name: "client", Role: "client", Host: "desk", Client: true}, {Name: "service", Role: "service", Host: "shelf"}}
		},
		Links:   func(lab.Params) []lab.Link { return []lab.Link{{From: "client", To: "service", Port: 80}} },
		Nominal: func(p lab.Params) time.Duration { return time.Duration(p.Int("notes")) * p.Duration("every") },
		Variants: []lab.Variant{{
			Name: "original", Summary: "A line a note.", Bound: bound, Breaks: []string{"no-loss", "no-duplicates"},
			Roles: roles(func(d lab.Disk, note string) error { return d.Append("all", []byte(note+"\n")) }),
			ReadBack: func(_ context.Context, o lab.Observer) ([]history.Event, error) {
				text, err := o.Disk("shelf").Read("all")
				return entries(strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")), err
			},
		}, {
			Name: "hardened", Summary: "A file a note.", Bound: bound, Promises: []string{"no-loss", "no-duplicates", "no-phantoms", "live"},
			Roles: roles(func(d lab.Disk, note string) error { return errors.Join(d.Append(note, nil), d.SyncDir()) }),
			ReadBack: func(_ context.Context, o lab.Observer) ([]history.Event, error) {
				files, err := o.Disk("shelf").List()
				return entries(files), err
			},
		}},
	}
}

func roles(keep func(lab.Disk, string) error) map[string]func(context.Context, lab.Env) error {
	serve := func(ctx context.Context, env lab.Env) error {
		return web.Serve(ctx, env, 80, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			note, err := io.ReadAll(r.Body)
			if err != nil || keep(env.Disk(), string(note)) != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		})})
	}
	post := func(ctx context.Context, env lab.Env) error {
		client := web.Client(env, "service", false, 300*time.Millisecond)
		return lab.Workload(ctx, env, int64(env.Params().Int("notes")), env.Params().Duration("every"), func(seq int64) {
			op := history.Event{Kind: history.Invoke, Op: "post", Source: "client", Seq: seq, Value: fmt.Sprintf("note-%06d", seq)}
			env.Record(op)
			op.Kind = history.Info
			for try := 0; try < 2 && op.Kind == history.Info; try++ {
				about := history.Event{Source: op.Source, Seq: seq, ID: op.Value}
				if status, _, err := web.Exchange(ctx, env, client, "service", strings.NewReader(op.Value), about); err == nil && status == "200 OK" {
					op.Kind = history.OK
				}
			}
			env.Record(op)
		})
	}
	return map[string]func(context.Context, lab.Env) error{"client": post, "service": serve}
}

func entries(notes []string) (log []history.Event) {
	for _, note := range notes {
		e := history.Event{Source: "client", Value: note}
		fmt.Sscanf(note, "note-%d", &e.Seq) // what is no note stays a phantom
		log = append(log, e)
	}
	return log
}
