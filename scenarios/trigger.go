package scenarios

import (
	"slices"
	"strings"
)

// Verb is what a node does in a trigger.
type Verb struct {
	Name string
	Doc  string // when it happens, and what that lets a fault hit
}

// Verbs are the verbs of triggers.
var Verbs = []Verb{
	{"sends", "a message is about to leave: no byte of it is on its way yet"},
	{"receives", "a message has come and is not handled yet"},
	{"stores", "the node has stored something and has not yet answered"},
	{"accepts", "a connection was accepted"},
	{"decides", "a rule was applied, with the operands and the outcome"},
	{"starts", "the node has begun to run, for the first time or again"},
}

func verbNames() []string {
	var names []string
	for _, v := range Verbs {
		names = append(names, v.Name)
	}
	return names
}

// trigger reads NODE VERB [MATCH] [#N] [+DURATION].
func (p *parser) trigger(c *cursor) (*Trigger, bool) {
	node, ok := c.take("the node to watch")
	if !ok {
		return nil, false
	}
	p.node(node, "a trigger")
	verb, ok := c.take("what the node does (" + list(verbNames()) + ")")
	if !ok {
		return nil, false
	}
	if !slices.Contains(verbNames(), verb.text) {
		p.unknown(verb, "verb", "a node", verbNames(), verbSynonyms)
		return nil, false
	}
	t := &Trigger{Node: node.text, Verb: verb.text, Count: 1}
	if w, more := c.peek(); more && p.isMatch(c) {
		c.next++
		if w.text == "" {
			p.add(w.pos, "an empty text is in every event; leave it out")
			return nil, false
		}
		t.Match = w.text
	}
	counted, delayed := false, false
	for {
		w, more := c.peek()
		switch {
		case !more:
			return t, true
		case strings.HasPrefix(w.text, "#") && counted, strings.HasPrefix(w.text, "+") && delayed:
			p.add(w.pos, "a trigger has one count and one delay; %s is a second one", quote(w.text))
			return nil, false
		case strings.HasPrefix(w.text, "#"):
			counted = true
			t.Count, ok = p.count(w, w.text[1:], "the count")
		case strings.HasPrefix(w.text, "+"):
			delayed = true
			t.After, ok = p.duration(word{text: w.text[1:], pos: w.pos}, 0)
		default:
			return t, true
		}
		if !ok {
			return nil, false
		}
		c.next++
	}
}

// isMatch tells a match from the fault that follows it. A bare word is the
// match if it is no fault and something of a trigger or a fault comes after
// it. In "when collector stores kil collector" nothing does, and so "kil" is
// reported as the fault it was meant to be.
func (p *parser) isMatch(c *cursor) bool {
	w, _ := c.peek()
	switch {
	case w.quoted:
		return true
	case strings.HasPrefix(w.text, "#"), strings.HasPrefix(w.text, "+"), p.voc.fault(w.text) != nil:
		return false
	case sourceSeq.MatchString(w.text):
		return true
	}
	after := word{}
	if c.next+1 < len(c.line.words) {
		after = c.line.words[c.next+1]
	}
	return strings.HasPrefix(after.text, "#") || strings.HasPrefix(after.text, "+") || p.voc.fault(after.text) != nil
}
