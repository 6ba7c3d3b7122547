package main

import (
	"errors"
	"flag"
	"strconv"
	"strings"

	"faultlab/sim/world/live"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	live.Options
	as     string
	group  string            // a network
	to     map[string]string // node → address
	ports  map[int]int       // documented → opened
	params map[string]string
}

func (c command) parseServe(args []string) (o serveOptions, names []string, code int, ok bool) {
	o = serveOptions{to: map[string]string{}, ports: map[int]int{}, params: map[string]string{}}
	fs := c.newFlags("serve", serveHelp)
	fs.StringVar(&o.as, "as", "", "run this `node` alone, and sit at it")
	fs.Func("to", "with -as: a node is not on its documented port but there, `davide=127.0.0.1:9000`; may be repeated", pairs(o.to, "davide=127.0.0.1:9000"))
	fs.StringVar(&o.group, "group", "", "hear the lab's real multicast group on this `network` of yours, eth0, say, instead of a port of 127.0.0.1")
	fs.StringVar(&o.API, "api", "127.0.0.1:8474", "serve Toxiproxy's control API on this loopback `address`; where the default is taken, a free port will do")
	fs.StringVar(&o.Disks, "disk", "", "keep the hosts' disks in this `folder`, and go on with what is there (default: removed at the end)")
	fs.Func("param", "set a parameter of the lab's workload, `name=value`; may be repeated", pairs(o.params, "readings=100"))
	fs.Func("port", "open a documented port elsewhere, `8000=9000`; 0 is any free port; may be repeated", func(text string) error {
		documented, other, _ := strings.Cut(text, "=")
		from, err1 := strconv.ParseUint(documented, 10, 16)
		to, err2 := strconv.ParseUint(other, 10, 16)
		if err1 != nil || err2 != nil {
			return errors.New("write it like 8000=9000")
		}
		o.ports[int(from)] = int(to)
		return nil
	})
	names, code, ok = c.parse(fs, args)
	o.AnyAPI = true
	fs.Visit(func(f *flag.Flag) { o.AnyAPI = o.AnyAPI && f.Name != "api" })
	return o, names, code, ok
}

// pairs fills a map from a flag that is written like example.
func pairs(into map[string]string, example string) func(string) error {
	return func(text string) error {
		name, value, found := strings.Cut(text, "=")
		if !found {
			return errors.New("write it like " + example)
		}
		into[name] = value
		return nil
	}
}
