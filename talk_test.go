package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

const (
	annPort = 7101
	bobPort = 7102
)

// talk is a lab of two people who say lines to each other. A workload finds
// nothing to say in it.
func talk() *lab.System {
	person := func(name string) lab.Node {
		return lab.Node{Name: name, Role: "talker", Host: name, Client: true, Person: true}
	}
	return &lab.System{
		Name: "talk", Story: "Two people talk.",
		Nodes:   func(lab.Params) []lab.Node { return []lab.Node{person("ann"), person("bob")} },
		Nominal: func(lab.Params) time.Duration { return time.Second },
		Links: func(lab.Params) []lab.Link {
			return []lab.Link{{From: "ann", To: "bob", Port: bobPort}, {From: "bob", To: "ann", Port: annPort}}
		},
		Variants: []lab.Variant{{
			Name: "original", Summary: "They talk.",
			Bound:    func(lab.Params) time.Duration { return time.Second },
			Roles:    map[string]func(context.Context, lab.Env) error{"talker": talker},
			ReadBack: func(context.Context, lab.Observer) ([]history.Event, error) { return nil, nil },
		}},
	}
}

// talker shows what the other says, and says what is typed until "panic".
func talker(ctx context.Context, env lab.Env) error {
	port, other := annPort, "bob"
	if env.Node().Name == "bob" {
		port, other = bobPort, "ann"
	}
	ln, err := env.Listen(port)
	if err != nil {
		return err
	}
	defer ln.Close()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			if line, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
				env.Printf("%s: %s", other, line)
				fmt.Fprintln(conn, "heard")
			}
			conn.Close()
		}
	}()
	typed := bufio.NewScanner(env.Terminal())
	for fmt.Fprint(env.Terminal(), "> "); typed.Scan(); fmt.Fprint(env.Terminal(), "> ") {
		if typed.Text() == "panic" {
			panic("at a loss for words")
		}
		env.Printf("%s", say(ctx, env, other, typed.Text()))
	}
	return typed.Err()
}

func say(ctx context.Context, env lab.Env, other, line string) (answer string) {
	conn, err := env.Dial(ctx, other)
	if err != nil {
		return "nobody there"
	}
	defer conn.Close()
	fmt.Fprintln(conn, line)
	answer, err = bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return "no answer"
	}
	return strings.TrimSpace(answer)
}
