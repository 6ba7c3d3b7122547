package scenarios

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

//go:embed */*.scenario
var scripts embed.FS

// Embedded holds the scripts that come with the command, as
// <lab>/<name>.scenario.
func Embedded() fs.FS { return scripts }

// List names the embedded scripts, like sensor/lost-ack, sorted.
func List() []string {
	files, err := fs.Glob(scripts, "*/*"+Ext)
	if err != nil {
		panic(err) // the pattern is wrong
	}
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f, Ext))
	}
	slices.Sort(names) // "quiet-http" comes before "quiet" only with the ending
	return names
}
