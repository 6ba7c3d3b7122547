package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Tour is a lesson: steps through scenarios, some of which ask the class before
// they show.
type Tour struct {
	Name  string     `json:"name"` // its file's
	Title string     `json:"title"`
	Lab   string     `json:"lab"` // the one that it is about; empty: several
	Steps []TourStep `json:"steps"`
}

// TourStep is one thing to see. With a question, what came of the run is hidden
// until somebody has chosen.
type TourStep struct {
	Title    string `json:"title"`
	Scenario string `json:"scenario"` // like sensor/lost-ack; empty: that of the step before
	// Swap changes the scenario's script: each text, which must stand in it, for
	// another.
	Swap     []Swap   `json:"swap,omitempty"`
	Text     string   `json:"text"`
	Question string   `json:"question,omitempty"`
	Choices  []string `json:"choices,omitempty"`
	Right    int      `json:"right,omitempty"` // from 0
	Reveal   string   `json:"reveal,omitempty"`
	// Message is the one to follow, like paul/17; empty: that of the story.
	Message string `json:"message,omitempty"`
	// Claims are the verdicts that the step speaks of, by variant and property.
	// They are put to the test: a tour must not teach what is not so.
	Claims map[string]map[string]string `json:"claims,omitempty"`
}

// Swap is a text in a script, and what to write for it.
type Swap struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Tours reads the tours that come with the program, in the order of their files.
func Tours() ([]Tour, error) {
	names, err := fs.Glob(files, "tours/*.json")
	if err != nil {
		return nil, err
	}
	var all []Tour
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read a tour: %w", err)
		}
		t := Tour{Name: strings.TrimSuffix(path.Base(name), ".json")}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&t); err != nil {
			return nil, fmt.Errorf("read the tour %s: %w", name, err)
		}
		all = append(all, t)
	}
	return all, nil
}
