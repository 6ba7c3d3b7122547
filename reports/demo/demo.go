// Package demo serves a page on which a person drags faults about and sees what
// becomes of a lab: every change reruns the real code in the virtual world.
//
//	page ── script, edit ──▶ edit ─▶ parse ─▶ queue ─▶ Virtual, a variant each
//	     ◀── both variants ── parts of the report's page ◀── results
//	     ◀══ events ════════ Live, while real processes run
//
// The script is all the state there is, and the page has it: the server keeps
// nothing between requests. It answers its own page alone, and only on this
// machine; see guard.go.
package demo

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"

	"faultlab/reports/page"
	"faultlab/scenarios"
	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/world"
)

// Worlds are where a demo runs scripts.
type Worlds struct {
	Labs  lab.Registry
	Words scenarios.Vocabulary
	// Virtual runs a script in the virtual world. It is called for several at
	// once and bounds what each may cost: a run that asks for more is unknown.
	// It returns when ctx ends.
	Virtual func(context.Context, Job) world.Result
	// Live runs it in real processes, and tells of each event as it comes, from
	// any goroutine. It leaves none of them running. Nil: this machine cannot.
	Live func(context.Context, Job, func(history.Event)) world.Result
}

// Job is one run.
type Job struct {
	Name    string // of the scenario, without its lab
	Text    []byte // the script, which was validated
	Variant string
}

//go:embed web tours
var files embed.FS

// server answers the page.
type server struct {
	Worlds
	queue   *queue
	lives   *lives
	catalog catalog
}

// Handler serves the page and what it asks for.
func Handler(in Worlds) (http.Handler, error) {
	tours, err := Tours()
	if err != nil {
		return nil, err
	}
	catalog, err := catalogOf(in, tours)
	if err != nil {
		return nil, err
	}
	s := &server{Worlds: in, queue: newQueue(), lives: newLives(), catalog: catalog}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/scenarios", s.scenarios)
	mux.HandleFunc("POST /api/check", s.check)
	mux.HandleFunc("POST /api/run", s.run)
	mux.HandleFunc("POST /api/live", s.book)
	mux.HandleFunc("GET /api/live", s.live)

	web, err := fs.Sub(files, "web")
	if err != nil {
		return nil, fmt.Errorf("find the page: %w", err)
	}
	mux.Handle("GET /", http.FileServerFS(web))
	for path, shared := range map[string]struct {
		kind string
		text func() ([]byte, error)
	}{
		"/report.css": {"text/css; charset=utf-8", page.Style},
		"/report.js":  {"text/javascript; charset=utf-8", page.Program},
	} {
		text, err := shared.text()
		if err != nil {
			return nil, err
		}
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", shared.kind)
			w.Write(text)
		})
	}
	return guard(mux), nil
}
