package scenarios

import (
	"strings"
	"time"

	"faultlab/sim/param"
)

// assign reads a name=value.
func (p *parser) assign(w word) (Assign, bool) {
	name, value, found := strings.Cut(w.text, "=")
	switch {
	case !found:
		p.add(w.pos, "unexpected %s; a value is set as NAME=VALUE, without spaces around the =", quote(w.text))
	case name == "":
		p.add(w.pos, "%s has no name; write NAME=VALUE, without spaces around the =", quote(w.text))
	case value == "":
		p.add(w.pos, "%s has no value; write %s=VALUE, without spaces around the =", name, name)
	default:
		return Assign{Pos: w.pos, Name: name, Value: value}, true
	}
	return Assign{}, false
}

// values checks what is set against what owner declares. end is where a
// missing one belongs; kind is "parameter" or "attribute".
func (p *parser) values(declared param.List, set []Assign, end Pos, kind, owner string) (param.Values, bool) {
	before := len(p.list)
	given := map[string]string{}
	for _, a := range set {
		if _, twice := given[a.Name]; twice {
			p.add(a.Pos, "%s is set twice", a.Name)
		}
		given[a.Name] = a.Value
		p.value(declared, a, kind, owner)
	}
	for _, d := range declared {
		if _, ok := given[d.Name]; d.Required && !ok {
			p.add(end, "%s needs %s=%s (%s)", owner, d.Name, form(d), strings.TrimSuffix(d.Doc, "."))
		}
	}
	if len(p.list) > before {
		return param.Values{}, false
	}
	values, err := declared.Parse(given)
	if err != nil {
		p.add(end, "%s: %v", owner, err)
	}
	return values, err == nil
}

// value checks one.
func (p *parser) value(declared param.List, a Assign, kind, owner string) {
	for _, d := range declared {
		if d.Name != a.Name {
			continue
		}
		at := Pos{a.Pos.Line, a.Pos.Col + len([]rune(a.Name)) + 1}
		if _, isTime := d.Default.(time.Duration); isTime {
			got, err := time.ParseDuration(a.Value)
			if err != nil {
				p.add(at, "%s: %s", a.Name, notDuration(a.Value))
				return
			}
			if most, _ := most(d); got > most.(time.Duration) {
				p.add(at, "%s: %s is too long; the most is %s", a.Name, a.Value, written(most))
				return
			}
		}
		if _, err := (param.List{d}).Parse(map[string]string{a.Name: a.Value}); err != nil {
			p.add(at, "%v", err)
		}
		return
	}
	p.unknown(word{text: a.Name, pos: a.Pos}, kind, owner+" has", declared.Names(), nil)
}

// most is the highest value of a parameter: of a time too, if it says none.
func most(d param.Param) (value any, bounded bool) {
	if _, isTime := d.Default.(time.Duration); isTime && d.Max == nil {
		return maxTime, true
	}
	return d.Max, d.Max != nil
}

// form tells how a value is written.
func form(d param.Param) string {
	switch d.Default.(type) {
	case int:
		return "NUMBER"
	case time.Duration:
		return "DURATION"
	case bool:
		return "true|false"
	}
	if d.OneOf != nil {
		return strings.Join(d.OneOf, "|")
	}
	return "WORD"
}
