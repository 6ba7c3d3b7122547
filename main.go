// Command faultlab runs small distributed systems, breaks their network, their
// processes and their disks by a script, and judges from the history what was
// lost, duplicated or reordered.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/mattn/go-colorable"
	"github.com/mattn/go-isatty"

	"faultlab/scenarios"
	"faultlab/sim/lab"
	"faultlab/sim/world"
	"faultlab/sim/world/live"
	"faultlab/systems"
)

// Exit codes. A difference outranks an unknown: it is certain.
const (
	exitOK          = 0
	exitDiffers     = 1
	exitUsage       = 2
	exitUnknown     = 3
	exitInterrupted = 130
)

func main() { os.Exit(start(systems.All(), time.Minute)) }

// start becomes what this process was started for: a node of a live run, a
// worker for virtual runs, or the command itself. limit is how much real time
// a virtual run may take. Ordinary ones take milliseconds; the slowest machine
// must not meet it.
func start(labs lab.Registry, limit time.Duration) int {
	live.RunIfNode(withEcho(labs))
	workIfHired(withEcho(labs))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once

	color := os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	c := command{
		labs:     labs,
		words:    world.Vocabulary(labs),
		in:       os.Stdin,
		out:      colorable.NewColorableStdout(),
		err:      colorable.NewColorableStderr(),
		outColor: color && isatty.IsTerminal(os.Stdout.Fd()),
		errColor: color && isatty.IsTerminal(os.Stderr.Fd()),
		terminal: isatty.IsTerminal(os.Stderr.Fd()),
		limit:    limit,
	}
	return c.dispatch(ctx, os.Args[1:])
}

// command is what the subcommands share.
type command struct {
	labs     lab.Registry
	words    scenarios.Vocabulary
	in       io.Reader // what a person types
	out, err io.Writer
	outColor bool
	errColor bool
	terminal bool          // err is one: progress can be drawn on it
	limit    time.Duration // of real time, for a virtual run
}

// subcommand is one row of the command's table.
type subcommand struct {
	name string
	args string // what may follow the name
	help string // one line
	run  func(command, context.Context, []string) int
}

func subcommands() []subcommand {
	return []subcommand{
		{"run", "[FLAGS] [SCENARIO…]", "run scenarios and judge them", command.run},
		{"list", "", "list labs, variants and scenarios", command.list},
		{"check", "DIR", "judge saved runs again, from their histories alone", command.check},
		{"fmt", "[-w] FILE…", "print scenario scripts in canonical form", command.fmt},
		{"serve", "[FLAGS] LAB[/VARIANT]", "run a lab's services for you to play with", command.serve},
		{"explore", "[FLAGS] LAB[/VARIANT]", "search for what breaks a lab, and shrink it to a script", command.explore},
		{"demo", "[FLAGS]", "drag faults about on a page, and see what becomes of a lab", command.demo},
		{"protocols", "[FLAGS]", "measure what a document says of TCP, UDP, HTTP and gRPC", command.protocols},
		{"proxy", "-config FILE", "run TCP and UDP proxies in front of your own programs", command.proxy},
		{"version", "", "print versions", command.version},
	}
}

func (c command) dispatch(ctx context.Context, args []string) int {
	if len(args) == 0 {
		c.help(c.err)
		return exitUsage
	}
	name, args := args[0], args[1:]
	if slices.Contains([]string{"help", "-h", "-help", "--help"}, name) {
		if len(args) == 0 {
			c.help(c.out)
			return exitOK
		}
		if args[0] == "scenarios" {
			c.out.Write(scenarios.Reference(c.words))
			return exitOK
		}
		name, args = args[0], []string{"-h"}
	}
	for _, s := range subcommands() {
		if s.name == name {
			return s.run(c, ctx, args)
		}
	}
	return c.usage("unknown command %q; `faultlab help` lists the commands", name)
}

func (c command) help(w io.Writer) {
	fmt.Fprint(w, `faultlab runs small distributed systems, breaks their network, their processes
and their disks by a script, and judges from the history what was lost,
duplicated or reordered.

usage: faultlab COMMAND [ARGUMENTS]

`)
	for _, s := range subcommands() {
		fmt.Fprintf(w, "  %-10s %-22s %s\n", s.name, s.args, s.help)
	}
	fmt.Fprint(w, `
Begin with:

  faultlab list
  faultlab run sensor/lost-ack

`+exitCodes+`
`+"`faultlab help COMMAND`"+` tells more about one command; `+"`faultlab help scenarios`"+` is
the page on writing one: every fault, trigger and property.
`)
}

const exitCodes = `Exit codes: 0 all as expected; 1 a verdict differs from what was expected;
2 the command line, a script or a file is wrong; 3 a run stayed unknown;
130 interrupted.
`

// usage tells what is wrong with what was asked for.
func (c command) usage(format string, args ...any) int {
	fmt.Fprintf(c.err, "faultlab: "+format+"\n", args...)
	return exitUsage
}
