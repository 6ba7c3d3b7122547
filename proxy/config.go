package proxy

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Config is one entry of a configuration: Toxiproxy's, with one word more.
type Config struct {
	Name     string
	Listen   string
	Upstream string
	Network  string // tcp or udp
	Disabled bool   // until somebody enables it through the control API
}

// ReadConfig reads a configuration: a JSON list of objects with name, listen,
// upstream and, if wanted, enabled and network (tcp or udp). What is wrong comes
// with its place in the file.
func ReadConfig(file string, text []byte) ([]Config, error) {
	wrong := func(at int64, err error) error {
		line, column := place(text, at)
		return fmt.Errorf("%s:%d:%d: %w", file, line, column, err)
	}
	var entries []json.RawMessage
	err := json.Unmarshal(text, &entries)
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		return nil, wrong(syntax.Offset-1, err) // it counts the byte itself
	}
	if err != nil || len(entries) == 0 {
		return nil, wrong(0, errors.New(`a configuration is a list of proxies: [{"name": …, "listen": …, "upstream": …}, …]`))
	}
	// Once more, entry by entry: only a Decoder tells where each stands.
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields() // a misspelt one would be left out in silence
	if _, err := dec.Token(); err != nil {
		return nil, wrong(0, err)
	}
	var all []Config
	for dec.More() {
		at := start(text, dec.InputOffset())
		var b proxyBody
		err := dec.Decode(&b)
		if err == nil {
			err = b.check(true)
		}
		if err == nil && slices.ContainsFunc(all, func(c Config) bool { return c.Name == b.Name }) {
			err = fmt.Errorf("name: a second %q", b.Name)
		}
		if err != nil {
			return nil, wrong(at, err)
		}
		all = append(all, Config{
			Name: b.Name, Listen: b.Listen, Upstream: b.Upstream,
			Network: cmp.Or(b.Network, tcp), Disabled: b.Enabled != nil && !*b.Enabled,
		})
	}
	return all, nil
}

// start skips what stands between two entries.
func start(text []byte, at int64) int64 {
	for at < int64(len(text)) && bytes.IndexByte([]byte(" \t\r\n,"), text[at]) >= 0 {
		at++
	}
	return at
}

// place is an offset as people count: from 1, columns in characters.
func place(text []byte, at int64) (line, column int) {
	before := text[:max(0, min(at, int64(len(text))))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
}

// Open makes the proxy or the relay of an entry, and gives its address.
func (s *Server) Open(ctx context.Context, c Config) (addr string, err error) {
	var made interface {
		Addr() string
		Enable(context.Context) error
	}
	if c.Network == udp {
		made, err = s.AddPacket(c.Name, c.Listen, c.Upstream, Limits{})
	} else {
		made, err = s.Add(c.Name, c.Listen, c.Upstream)
	}
	if err == nil && !c.Disabled {
		err = made.Enable(ctx)
	}
	if err != nil {
		return "", err
	}
	return made.Addr(), nil
}
