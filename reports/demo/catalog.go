package demo

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"

	"faultlab/scenarios"
	"faultlab/sim/param"
)

// catalog is all that can be picked on the page.
type catalog struct {
	Labs      []labEntry      `json:"labs"`
	Scenarios []scenarioEntry `json:"scenarios"`
	Faults    []faultEntry    `json:"faults"`
	Tours     []Tour          `json:"tours"`
	Live      bool            `json:"live"` // this machine has that world
}

type labEntry struct {
	Name     string         `json:"name"`
	Story    string         `json:"story"`
	Params   []paramEntry   `json:"params"`
	Variants []variantEntry `json:"variants"`
}

type paramEntry struct {
	Name    string   `json:"name"`
	Default string   `json:"default"`
	OneOf   []string `json:"one_of,omitempty"`
	Doc     string   `json:"doc"`
}

type variantEntry struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

type scenarioEntry struct {
	Name   string `json:"name"`
	Script string `json:"script"`
}

type faultEntry struct {
	Name    string           `json:"name"`
	On      scenarios.Target `json:"on"`
	Doc     string           `json:"doc"`
	Attrs   []paramEntry     `json:"attrs"`
	Virtual bool             `json:"virtual"` // only that world can do it
}

func catalogOf(in Worlds, tours []Tour) (catalog, error) {
	c := catalog{Live: in.Live != nil, Tours: tours}
	for _, s := range in.Labs.Systems() {
		l := labEntry{Name: s.Name, Story: s.Story, Params: paramsOf(s.Params)}
		for _, v := range s.Variants {
			l.Variants = append(l.Variants, variantEntry{v.Name, v.Summary})
		}
		c.Labs = append(c.Labs, l)
	}
	for _, name := range scenarios.List() {
		text, err := fs.ReadFile(scenarios.Embedded(), name+scenarios.Ext)
		if err != nil {
			return catalog{}, fmt.Errorf("read a scenario: %w", err)
		}
		if _, ok := in.Labs.Lookup(path.Dir(name)); ok {
			c.Scenarios = append(c.Scenarios, scenarioEntry{name, string(text)})
		}
	}
	for _, f := range in.Words.Faults {
		c.Faults = append(c.Faults, faultEntry{f.Name, f.On, f.Doc, paramsOf(f.Attrs), f.World == "virtual"})
	}
	return c, nil
}

func paramsOf(list param.List) []paramEntry {
	all := []paramEntry{}
	for _, p := range list {
		all = append(all, paramEntry{p.Name, fmt.Sprint(p.Default), p.OneOf, p.Doc})
	}
	return all
}

func (s *server) scenarios(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, s.catalog)
}
