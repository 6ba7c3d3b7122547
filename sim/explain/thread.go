package explain

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/check"
	"faultlab/sim/history"
)

// names tells which operation an identifier means, where it means one only.
func (c *Case) names() map[string]name {
	known := map[string]name{}
	shared := map[string]bool{}
	for _, e := range c.Events {
		if e.ID == "" || e.Seq == 0 || e.Source == "" {
			continue
		}
		n := name{e.Source, e.Seq}
		if other, ok := known[e.ID]; ok && other != n {
			shared[e.ID] = true
		}
		known[e.ID] = n
	}
	for id := range shared {
		delete(known, id)
	}
	return known
}

// index gathers the places of the events about each operation, in order: those
// that bear its number, and those without a number that bear an identifier
// which nothing but this operation has.
//
// A lab may know a source by another name than the workload does: two sensors
// that were given one name. Then it is the bytes that tell whose it is: an
// event with the identifier and the value of the operation is about it, and so
// is all that shares that event's identifier and source.
func (c *Case) index() {
	type alias struct{ id, source string }
	aliases := map[alias]name{}
	for _, e := range c.Events {
		n, ok := c.numb[e.ID]
		if ok && e.Seq == 0 && e.Value != "" && e.Value == c.value(n) {
			aliases[alias{e.ID, e.Source}] = n
		}
	}
	final := map[int]name{}
	for n, places := range c.entries {
		for _, place := range places {
			final[place] = n
		}
	}
	for i, e := range c.Events {
		n, ok := name{e.Source, e.Seq}, e.Seq != 0 && e.Source != ""
		switch {
		case e.Kind == history.Final:
			n, ok = final[i]
		case !ok && e.Kind != history.Fault && e.Kind != history.Heal:
			var same bool
			if n, same = aliases[alias{e.ID, e.Source}]; same {
				ok = true
				break
			}
			n, ok = c.numb[e.ID]
			ok = ok && (e.Source == "" || e.Source == n.source)
		}
		if ok {
			c.threads[n] = append(c.threads[n], i)
			c.about[i] = n
		}
	}
}

// value is what an operation was to store.
func (c *Case) value(n name) string {
	if place, ok := c.invokes[n]; ok {
		return c.Events[place].Value
	}
	return ""
}

// Thread gives the places of the events about a message, in order. One that is
// no operation is followed by its text, and by the operation whose bytes it has.
func (c *Case) Thread(m check.Message) []int {
	if m.Seq != 0 {
		return c.threads[name{m.Source, m.Seq}]
	}
	if m.Value == "" {
		return nil
	}
	var places []int
	for i, e := range c.Events {
		if e.Value == m.Value && e.Kind != history.Print {
			places = append(places, i)
		}
	}
	if n, ok := c.origin(m); ok {
		places = append(places, c.threads[n]...)
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// origin finds the operation that an entry without a name was: the first whose
// bytes begin as the entry does, or which begins with the entry's; or else one
// whose bytes are in it, behind what a torn write had left there.
func (c *Case) origin(m check.Message) (name, bool) {
	for _, alike := range []func(value string) bool{
		func(value string) bool { return strings.HasPrefix(value, m.Value) || strings.HasPrefix(m.Value, value) },
		func(value string) bool { return len(value) >= tellingBytes && strings.Contains(m.Value, value) },
	} {
		best, at := name{}, len(c.Events)
		for n, place := range c.invokes {
			if value := c.Events[place].Value; value != "" && place < at && alike(value) {
				best, at = n, place
			}
		}
		if at < len(c.Events) {
			return best, true
		}
	}
	return name{}, false
}

// tellingBytes is how long a value must be that is not in others by chance.
const tellingBytes = 4

// related lists the other operations that a story must tell of: those that the
// verdict's sentence names, as the one that a late message stands behind; those
// that which shares a lost one's identifier; and for a read that no order explains, the writes that it
// contradicts.
func (c *Case) related(property string, m check.Message) []name {
	var all []name
	self := name{m.Source, m.Seq}
	add := func(n name) {
		if _, known := c.invokes[n]; known && n != self && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	for _, word := range word.FindAllString(m.Why, -1) {
		if source, seq, ok := strings.Cut(word, "/"); ok {
			n := name{source: source}
			if _, err := fmt.Sscan(seq, &n.seq); err == nil {
				add(n)
			}
		}
	}
	if property == "linearizable" {
		for _, n := range c.contradicted(self) {
			add(n)
		}
	}
	if property == "no-loss" {
		if n, ok := c.namesake(self); ok {
			add(n)
		}
	}
	return all
}

// namesake finds the other operation that was given the same identifier: the
// one that took the place of a lost one, or that had it first.
func (c *Case) namesake(n name) (name, bool) {
	id := ""
	for _, p := range c.threads[n] {
		if e := c.Events[p]; e.Kind == history.OK {
			id = e.ID
		}
	}
	if id == "" {
		return name{}, false
	}
	found, place := name{}, None
	for i, e := range c.Events {
		if e.Kind != history.OK || e.ID != id || (name{e.Source, e.Seq}) == n {
			continue
		}
		if other := (name{e.Source, e.Seq}); c.value(other) != "" && place < c.invokes[n] {
			found, place = other, i
		}
	}
	return found, place != None
}

// contradicted gives, for a read, the write whose value it saw, and the last
// write of another value that was done before the read began: that of the two
// the first was seen last is what no order explains.
func (c *Case) contradicted(read name) []name {
	place, ok := c.invokes[read]
	if !ok {
		return nil
	}
	began := c.Events[place]
	saw := ""
	for _, p := range c.threads[read] {
		if e := c.Events[p]; e.Kind == history.OK {
			saw = e.Value
		}
	}
	var seen, done []name
	for i, e := range c.Events {
		n := name{e.Source, e.Seq}
		switch {
		case e.ID != began.ID || n == read:
		case e.Kind == history.Invoke && e.Value != "" && e.Value == saw:
			seen = append(seen, n)
		case e.Kind == history.OK && i < place && e.Value != saw && c.value(n) != "":
			done = append(done, n)
		}
	}
	return slices.Concat(seen[:min(1, len(seen))], done[max(0, len(done)-1):])
}
