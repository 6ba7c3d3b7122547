package demo

import (
	"errors"
	"net/http"
	"regexp"

	"faultlab/scenarios"
	"faultlab/sim/lab"
)

// script is a script as the page has it.
type script struct {
	Name string `json:"name"` // of the scenario it began as, without its lab
	Text string `json:"script"`
}

// mistake is an error at its place in the script.
type mistake struct {
	Line int    `json:"line"`
	Col  int    `json:"col"`
	Text string `json:"text"`
}

// A name becomes part of messages and command lines, so it has to be plain.
var plain = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,60}$`)

// parse validates a script. The error joins one *scenarios.Error a mistake.
func (s *server) parse(in script) (*scenarios.Scenario, *lab.System, error) {
	if !plain.MatchString(in.Name) {
		in.Name = "mine"
	}
	sc, err := scenarios.Parse(in.Name, "script", []byte(in.Text), s.Words)
	if err != nil {
		return nil, nil, err
	}
	system, ok := s.Labs.Lookup(sc.System)
	if !ok {
		return nil, nil, errors.New("no lab " + sc.System)
	}
	return sc, system, nil
}

// mistakes takes apart what parse joined.
func mistakes(err error) []mistake {
	var all []mistake
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			all = append(all, mistakes(e)...)
		}
		return all
	}
	if e := (*scenarios.Error)(nil); errors.As(err, &e) {
		return []mistake{{Line: e.Pos.Line, Col: e.Pos.Col, Text: e.Msg}}
	}
	return []mistake{{Line: 1, Col: 1, Text: err.Error()}}
}

// unreadable answers that a script has mistakes.
func unreadable(w http.ResponseWriter, err error) {
	answer(w, http.StatusUnprocessableEntity, refusal{Error: "the script has mistakes", Mistakes: mistakes(err)})
}

// check tells what is wrong with a script, while it is being written.
func (s *server) check(w http.ResponseWriter, r *http.Request) {
	var in script
	if !read(w, r, &in) {
		return
	}
	if _, _, err := s.parse(in); err != nil {
		unreadable(w, err)
		return
	}
	answer(w, http.StatusOK, struct{}{})
}
