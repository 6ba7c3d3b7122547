package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Error is one mistake in a script: where, what is wrong, what would be right.
type Error struct {
	File string // as given to Parse
	Pos  Pos
	Msg  string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Pos.Line, e.Pos.Col, e.Msg)
}

// maxErrors bounds what is reported of one script: a picture given by mistake
// has a thousand unknown words, and the first of them says enough.
const maxErrors = 20

// mistakes collects the errors of one script.
type mistakes struct {
	file string
	list []*Error
}

func (m *mistakes) add(at Pos, format string, args ...any) {
	if m.tooMany() {
		return
	}
	m.list = append(m.list, &Error{File: m.file, Pos: at, Msg: fmt.Sprintf(format, args...)})
}

func (m *mistakes) tooMany() bool { return len(m.list) > maxErrors }

// err joins what was collected, in the order of the text; nil if it is nothing.
func (m *mistakes) err() error {
	slices.SortStableFunc(m.list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	var errs []error
	for _, e := range m.list[:min(len(m.list), maxErrors)] {
		errs = append(errs, e)
	}
	if len(m.list) > maxErrors {
		errs = append(errs, &Error{m.file, m.list[maxErrors].Pos, "and more mistakes; the rest was not checked"})
	}
	return errors.Join(errs...)
}
