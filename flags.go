package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// newFlags makes the flag set of a subcommand. help follows its usage line.
func (c command) newFlags(name, help string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // parse prints; package flag would print errors twice
	fs.Usage = func() {
		for _, s := range subcommands() {
			if s.name == name {
				fmt.Fprintf(fs.Output(), "usage: faultlab %s %s\n\n%s\n", name, s.args, help)
			}
		}
		fs.PrintDefaults()
	}
	return fs
}

// parse reads flags and arguments in any order: who repeats a command adds
// flags at its end. ok is false if the command is over, with its exit code.
func (c command) parse(fs *flag.FlagSet, args []string) (rest []string, code int, ok bool) {
	for {
		switch err := fs.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			fs.SetOutput(c.out)
			fs.Usage()
			return nil, exitOK, false
		case err != nil:
			return nil, c.usage("%s: %v; `faultlab %s -h` lists the flags", fs.Name(), err, fs.Name()), false
		}
		if fs.NArg() == 0 {
			return rest, exitOK, true
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}
