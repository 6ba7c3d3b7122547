package reports

import (
	"bytes"
	"slices"

	"faultlab/sim/check"
)

// orders draws the legal orders of the operations on each key, or gives
// nothing where they were not judged. The history is enough for it: the names
// of those operations tell which they are.
func (r Run) orders() ([]byte, error) {
	judged := slices.ContainsFunc(r.Verdicts, func(v check.Verdict) bool {
		return v.Property == check.Linearizable && v.Outcome != check.Unknown
	})
	if !judged {
		return nil, nil
	}
	var page bytes.Buffer
	err := check.Visualize(check.New(r.Events, check.Facts{}), &page)
	return page.Bytes(), err
}
