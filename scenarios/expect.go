package scenarios

import (
	"slices"
	"strings"
)

// verdict is what one expect line can say only once.
type verdict struct{ variant, property string }

type expectation struct {
	violates bool
	line     int
}

// expect reads VARIANT holds|violates PROPERTY … [count=N].
func (p *parser) expect(c *cursor) {
	variant, ok := c.take("the variant")
	if !ok {
		return
	}
	if p.system != nil && !slices.Contains(p.system.Variants, variant.text) {
		p.unknown(variant, "variant", "this system has", p.system.Variants, nil)
	}
	verb, ok := c.take("holds or violates")
	if !ok {
		return
	}
	if verdicts := []string{"holds", "violates"}; !slices.Contains(verdicts, verb.text) {
		p.unknown(verb, "verdict", "it is", verdicts, expectSynonyms)
		return
	}
	e := Expect{
		Pos: c.line.words[0].pos, Note: c.line.note,
		Variant: variant.text, Violates: verb.text == "violates", Count: -1,
	}
	for {
		w, more := c.peek()
		if !more {
			break
		}
		c.next++
		if strings.Contains(w.text, "=") {
			p.expectCount(w, &e)
			continue
		}
		if !slices.Contains(p.voc.properties(), w.text) {
			p.unknown(w, "property", "there are", p.voc.properties(), propertySynonyms)
		}
		p.expectOnce(w, &e)
		e.Properties = append(e.Properties, w.text)
	}
	switch {
	case len(e.Properties) == 0:
		c.take("a property (" + list(p.voc.properties()) + ")")
	case e.Count >= 0 && len(e.Properties) > 1:
		p.add(e.Pos, "a count belongs to one property; give each its own expect line")
	}
	p.s.Expects = append(p.s.Expects, e)
}

func (p *parser) expectCount(w word, e *Expect) {
	a, ok := p.assign(w)
	if !ok {
		return
	}
	switch {
	case a.Name != "count":
		p.unknown(word{text: a.Name, pos: w.pos}, "word", "an expect line has", []string{"count"}, nil)
	case !e.Violates:
		p.add(w.pos, "a property that holds has nothing to count; leave count away")
	case e.Count >= 0:
		p.add(w.pos, "count is set twice")
	default:
		if n, ok := p.count(w, a.Value, "count"); ok {
			e.Count = n
		}
	}
}

// expectOnce reports a property that was spoken of before: said twice it is a
// slip, said both ways no run could be as expected.
func (p *parser) expectOnce(w word, e *Expect) {
	if slices.Contains(e.Properties, w.text) {
		p.add(w.pos, "%s stands on this line twice", quote(w.text))
		return
	}
	if p.expected == nil {
		p.expected = map[verdict]expectation{}
	}
	key := verdict{e.Variant, w.text}
	before, said := p.expected[key]
	switch {
	case said && before.violates != e.Violates:
		p.add(w.pos, "line %d expects the opposite of %s; no run can do both", before.line, w.text)
	case said:
		p.add(w.pos, "line %d expects this of %s already", before.line, w.text)
	}
	p.expected[key] = expectation{e.Violates, e.Pos.Line}
}
