// Package page renders one run as one file of HTML that needs nothing but a
// browser: no network, no other file.
//
//	record, history, verdicts ── stories ── excerpt   what happened to the message
//	                          ├─ topology, faults, verdicts, latency, logs
//	                          └─ events as JSON ── diagram.js …   all messages, to look around in
//	explorable ── strip, outcomes as JSON ── mover.js          the fault at other times
//
// All text, and the picture of the message that a verdict names, stand in the
// HTML itself: they are there without JavaScript, in print and for a screen
// reader. Only the diagram of all messages is drawn by the browser, since it
// draws what is in view and no more.
//
// The same run gives the same bytes. The real time that it took is therefore
// not on the page.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"

	"faultlab/sim/check"
	"faultlab/sim/explain"
	"faultlab/sim/history"
	"faultlab/sim/world"
)

// Run is what a page shows.
type Run struct {
	Record    world.Record
	Events    []history.Event
	Judgement world.Judgement

	Name    string   // of the scenario, like sensor/lost-ack
	State   string   // ok, differs or unknown: what a person has to do about it
	Finding string   // the outcome in a few words
	Why     []string // why it is not as expected, or unknown
	Replay  string   // the command line that repeats it
	Stories []explain.Story
	// Explorable is what came of moving a fault of its script; nil: nobody tried.
	Explorable *Explorable
}

// Beside is another run of the same scenario that was saved next to this one.
type Beside struct {
	Variant, World string
	Link           string // to its page, relative to this one
	// Log is its final log, where it may be compared with this run's: the same
	// script and seed in the same world.
	Log        []check.LogLine
	Comparable bool
}

//go:embed *.gohtml *.css *.js
var files embed.FS

// scripts are the parts of the page's program, in the order in which one needs
// the other.
var scripts = [...]string{"model.js", "scale.js", "diagram.js", "panel.js", "controls.js"}

// Render gives the page on a run.
func Render(r Run, beside []Beside) ([]byte, error) {
	tmpl, err := parsed()
	if err != nil {
		return nil, fmt.Errorf("parse the page's templates: %w", err)
	}
	v, err := look(r, beside)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := tmpl.ExecuteTemplate(&buf, "page.gohtml", v); err != nil {
		return nil, fmt.Errorf("fill the page's templates: %w", err)
	}
	return []byte(clean(buf.String())), nil
}

// script joins the page's program into one text, with the mover of the fault
// where there is something to move.
func script(explorable bool) (template.JS, error) {
	names := scripts[:]
	if explorable {
		names = append(names, "mover.js")
	}
	var all bytes.Buffer
	all.WriteString("\"use strict\";\n{\n") // a block: its names are its own, not the window's
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return "", fmt.Errorf("read the page's program: %w", err)
		}
		all.Write(text)
	}
	all.WriteString("}\n")
	return template.JS(all.String()), nil
}

// Style is the sheet for all of it.
func Style() ([]byte, error) { return sheet("colors.css", "excerpt.css", "page.css") }

// sheet joins files of style, of which a later one may overrule an earlier one.
func sheet(names ...string) ([]byte, error) {
	var all bytes.Buffer
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the page's style: %w", err)
		}
		all.Write(text)
	}
	return all.Bytes(), nil
}
