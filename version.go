package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
)

const toxiproxyModule = "github.com/Shopify/toxiproxy/v2"

func (c command) version(_ context.Context, args []string) int {
	fs := c.newFlags("version", "Prints the versions of faultlab, of Go and of the embedded Toxiproxy.")
	if _, code, ok := c.parse(fs, args); !ok {
		return code
	}
	fmt.Fprintf(c.out, "faultlab   %s\ngo         %s %s/%s\ntoxiproxy  %s\n",
		moduleVersion(""), runtime.Version(), runtime.GOOS, runtime.GOARCH, moduleVersion(toxiproxyModule))
	return exitOK
}

// moduleVersion tells the version of a module in this program; "" is the
// program's own.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if path == "" {
		return info.Main.Version
	}
	i := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == path })
	if i < 0 {
		return "unknown"
	}
	return info.Deps[i].Version
}
