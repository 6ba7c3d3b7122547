package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// module is the path before the packages of this program.
const module = "faultlab"

// arrows says for every package which others of the program it may import;
// sim/history, say, none. Data flows one way, and an import that runs against
// it would let a checker ask the world what "really" happened.
//
//	scenario → world → history → check → report
//
// A key or an entry that ends in "/*" stands for all packages in that folder;
// the entry "./*" for those in the package's own folder.
var arrows = map[string][]string{
	"sim/history":         {},
	"sim/param":           {},
	"sim/lab":             {"sim/history", "sim/param"},
	"sim/lab/*":           {"sim/history", "sim/lab"},
	"sim/check":           {"sim/history"},
	"sim/explain":         {"sim/check", "sim/history"},
	"proxy":               {"sim/param"},
	"scenarios":           {"sim/param"},
	"sim/world":           {"proxy", "scenarios", "sim/check", "sim/explain", "sim/history", "sim/lab", "sim/param"},
	"sim/world/live":      {"proxy", "scenarios", "sim/check", "sim/history", "sim/lab", "sim/param", "sim/world"},
	"sim/world/virtual":   {"proxy", "scenarios", "sim/check", "sim/history", "sim/lab", "sim/param", "sim/world"},
	"sim/world/worldtest": {"scenarios", "sim/history", "sim/lab", "sim/world", "sim/world/live", "sim/world/virtual"},
	"sim/explore":         {"scenarios", "sim/check", "sim/explain", "sim/lab", "sim/param", "sim/world", "sim/world/virtual"},
	"sim/protocols":       {"sim/history", "sim/protocols/echo", "sim/world"},
	"sim/protocols/echo":  {"sim/history", "sim/lab", "sim/lab/*", "sim/param"},
	"systems/*":           {"sim/history", "sim/lab", "sim/lab/*", "sim/param", "./*"},
	"systems/*/*":         {}, // what is generated from a lab's .proto
	"systems":             {"sim/lab", "systems/*"},
	"reports":             {"reports/page", "reports/protocols", "sim/check", "sim/explain", "sim/history", "sim/protocols", "sim/world"},
	"reports/page":        {"sim/check", "sim/explain", "sim/history", "sim/world"},
	"reports/protocols":   {"reports/page", "sim/protocols"},
	"reports/demo": {
		"reports", "reports/page", "scenarios", "sim/check", "sim/history", "sim/lab", "sim/param", "sim/world",
	},
	"": {"*"},
}

// libraries says which packages may import others' code, by the beginnings of
// its paths: who reads a history or a script needs no proxy for it.
var libraries = map[string][]string{
	"proxy":               {"github.com/Shopify/toxiproxy/", "github.com/gorilla/mux", "github.com/rs/zerolog"},
	"sim/check":           {"github.com/anishathalye/porcupine"},
	"sim/lab/labtest":     {"github.com/stretchr/testify/"},
	"sim/lab/rpc":         {"google.golang.org/"},
	"sim/protocols/echo":  {"google.golang.org/"},
	"sim/world/live":      {"github.com/shirou/gopsutil/", "golang.org/x/sys/"},
	"sim/world/virtual":   {"github.com/Shopify/toxiproxy/"},
	"sim/world/worldtest": {"github.com/stretchr/testify/"},
	"systems/*":           {"google.golang.org/"},
	"systems/*/*":         {"google.golang.org/"},
	"":                    {""},
}

// wrongArrows lists the imports that break the rules. imports has the packages
// of the program, by their paths without the module's.
func wrongArrows(imports map[string][]string) []string {
	var wrong []string
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		may, known := lookUp(arrows, from)
		taken, _ := lookUp(libraries, from)
		if !known {
			wrong = append(wrong, fmt.Sprintf("%q is in no rule; say in arrows what it may import", from))
			continue
		}
		for _, to := range imports[from] {
			switch inside, ours := strings.CutPrefix(to, module+"/"); {
			case ours && !matches(inside, may) && !(slices.Contains(may, "./*") && path.Dir(inside) == from):
				wrong = append(wrong, fmt.Sprintf("%s imports %s", from, inside))
			case !ours && strings.Contains(to, ".") && !begins(to, taken):
				wrong = append(wrong, fmt.Sprintf("%s imports %s, which is none of its libraries", from, to))
			}
		}
	}
	return wrong
}

// lookUp finds the rule for a package.
func lookUp(rules map[string][]string, from string) (may []string, known bool) {
	if may, known = rules[from]; known {
		return may, true
	}
	for pattern, may := range rules {
		if matches(from, []string{pattern}) {
			return may, true
		}
	}
	return nil, false
}

func begins(to string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(to, p) })
}

// matches reports whether a package is one of those that the patterns stand for.
func matches(pkg string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		same, err := path.Match(p, pkg)
		return p == "*" || same && err == nil
	})
}

// TestArrows reads the imports of every file but the tests, whatever system it
// is for: `go list` would leave out those of the others.
func TestArrows(t *testing.T) {
	imports := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(file))
		if pkg == "." {
			pkg = ""
		}
		for _, spec := range parsed.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[pkg] = append(imports[pkg], to)
		}
		return nil
	})
	require.NoError(t, err)
	require.Empty(t, wrongArrows(imports))
	for pkg := range arrows {
		if !strings.HasSuffix(pkg, "*") {
			require.Contains(t, imports, pkg, "a rule without its package rules nothing")
		}
	}
}

func TestWrongArrowsAreFound(t *testing.T) {
	for _, test := range []struct{ from, to, want string }{
		{"sim/check", "faultlab/sim/world", "sim/check imports sim/world"},
		{"sim/history", "faultlab/sim/param", "sim/history imports sim/param"},
		{"sim/history", "github.com/rs/zerolog", "none of its libraries"},
		{"sim/lab", "faultlab/sim/lab/web", "sim/lab imports sim/lab/web"},
		{"sim/world", "faultlab/sim/world/live", "sim/world imports sim/world/live"},
		{"sim/world/live", "faultlab/sim/world/virtual", "imports sim/world/virtual"},
		{"systems/bank", "faultlab/systems/sensor", "systems/bank imports systems/sensor"},
		{"systems/bank", "faultlab/systems/sensor/sensorpb", "systems/bank imports systems/sensor/sensorpb"},
		{"systems/bank/bankpb", "faultlab/sim/lab", "systems/bank/bankpb imports sim/lab"},
		{"systems/bank", "faultlab/sim/world", "systems/bank imports sim/world"},
		{"systems", "faultlab/sim/world", "systems imports sim/world"},
		{"proxy", "faultlab/scenarios", "proxy imports scenarios"},
		{"reports", "faultlab/sim/world/live", "reports imports sim/world/live"},
		{"util", "fmt", `"util" is in no rule`},
		{"sim/check", "github.com/Shopify/toxiproxy/v2", "none of its libraries"},
		{"systems/bank", "net/http", ""},
		{"systems/bank", "faultlab/sim/lab/web", ""},
		{"systems/bank", "faultlab/systems/bank/bankpb", ""},
		{"systems/bank/bankpb", "google.golang.org/grpc", ""},
		{"systems", "faultlab/systems/bank", ""},
		{"proxy", "github.com/Shopify/toxiproxy/v2", ""},
		{"", "faultlab/sim/world/live", ""},
	} {
		t.Run(test.from+" to "+test.to, func(t *testing.T) {
			wrong := strings.Join(wrongArrows(map[string][]string{test.from: {test.to}}), "\n")
			require.Contains(t, wrong, test.want)
			require.Equal(t, test.want == "", wrong == "", wrong)
		})
	}
}
