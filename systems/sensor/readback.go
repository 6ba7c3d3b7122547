package sensor

import (
	"fmt"
	"strings"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// readLogs reads the collector's logs, file by file. entry tells what a line
// says; the name that the file stands for is its source if it says none.
func readLogs(o lab.Observer, entry func(line string) history.Event) ([]history.Event, error) {
	disk := o.Disk(core)
	files, err := disk.List()
	if err != nil {
		return nil, fmt.Errorf("list the collector's files: %w", err)
	}
	var log []history.Event
	for _, file := range files {
		if !isServerFile(file) {
			continue
		}
		text, err := disk.Read(file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n") {
			if len(text) == 0 {
				break
			}
			e := entry(line)
			e.Node = collector
			log = append(log, e)
		}
	}
	return log, nil
}

func isServerFile(file string) bool {
	return strings.HasPrefix(file, "server-") && strings.HasSuffix(file, ".log")
}
