// Package param gives named, typed, bounded values their one form: the
// parameters of a lab's workload and the attributes of a fault are both
// written name=value and both checked before anything starts.
package param

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Param declares one value. Its type is that of Default: an int, a
// time.Duration, a bool or a string.
type Param struct {
	Name     string
	Default  any
	Required bool     // it must be given; Default then only tells the type
	Min      any      // lowest value of an int or duration; nil: 0
	Max      any      // highest value of an int or duration; nil: no bound
	OneOf    []string // allowed values of a string; nil: any single word
	Try      []string // values that generated scripts use; nil: only the default
	Doc      string   // a sentence, with the unit and the source of the default
}

// List declares a set of values.
type List []Param

// Values are a List's values. The zero Values has none.
type Values struct{ values map[string]any }

// Error is what is wrong with one value.
type Error struct {
	Name    string // the parameter, as written
	Unknown bool   // no such parameter
	Missing bool   // required, and not given
	Err     error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Name, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

// Int returns an int value. Like its siblings it panics on a name or a type
// that was not declared.
func (v Values) Int(name string) int { return get[int](v, name) }

// Duration returns a duration value.
func (v Values) Duration(name string) time.Duration { return get[time.Duration](v, name) }

// Bool returns a bool value.
func (v Values) Bool(name string) bool { return get[bool](v, name) }

// String returns a string value.
func (v Values) String(name string) string { return get[string](v, name) }

func get[T any](v Values, name string) T {
	x, ok := v.values[name].(T)
	if !ok {
		panic(fmt.Sprintf("param: no %q of type %T", name, x))
	}
	return x
}

// Text gives all values as they are written, by name. Parsing it again gives
// the same values.
func (v Values) Text() map[string]string {
	text := make(map[string]string, len(v.values))
	for name, x := range v.values {
		text[name] = fmt.Sprint(x)
	}
	return text
}

// Names lists the declared names, sorted.
func (l List) Names() []string {
	names := make([]string, 0, len(l))
	for _, p := range l {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return names
}

// Parse reads the values that are set; the others get their defaults. What is
// wrong comes back as an *Error.
func (l List) Parse(set map[string]string) (Values, error) {
	v := Values{values: make(map[string]any, len(l))}
	for _, p := range l {
		if _, given := set[p.Name]; p.Required && !given {
			return Values{}, &Error{Name: p.Name, Missing: true, Err: fmt.Errorf("is required (%s)", strings.TrimSuffix(p.Doc, "."))}
		}
		v.values[p.Name] = p.Default
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		i := slices.IndexFunc(l, func(p Param) bool { return p.Name == name })
		if i < 0 {
			known := "there are none here"
			if len(l) > 0 {
				known = "known are " + strings.Join(l.Names(), ", ")
			}
			return Values{}, &Error{Name: name, Unknown: true, Err: fmt.Errorf("unknown; %s", known)}
		}
		x, err := l[i].parse(set[name])
		if err != nil {
			return Values{}, &Error{Name: name, Err: err}
		}
		v.values[name] = x
	}
	return v, nil
}

func (p Param) parse(text string) (any, error) {
	switch p.Default.(type) {
	case int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no whole number", text)
		}
		return n, within(p, n)
	case time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no duration; write it like 250ms or 1.5s", text)
		}
		return d, within(p, d)
	case bool:
		switch text {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return nil, fmt.Errorf("%q is neither true nor false", text)
	case string:
		if p.OneOf != nil && !slices.Contains(p.OneOf, text) {
			return nil, fmt.Errorf("%q is none of %s", text, strings.Join(p.OneOf, ", "))
		}
		return text, nil
	}
	panic(fmt.Sprintf("param: %s has a default of type %T", p.Name, p.Default))
}

func within[T int | time.Duration](p Param, x T) error {
	low, _ := p.Min.(T)
	high, bounded := p.Max.(T)
	switch {
	case x < low:
		return fmt.Errorf("%v is too low; the least is %v", x, low)
	case bounded && x > high:
		return fmt.Errorf("%v is too high; the most is %v", x, high)
	}
	return nil
}
