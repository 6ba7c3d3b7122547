package scenarios

import (
	"strconv"
	"time"
)

// head reads the lines that say what runs. Their order in the text does not
// matter: each needs what the system line says.
func (p *parser) head(lines map[string]*line) {
	readers := map[string]func(*cursor){
		"system": p.readSystem, "workload": p.readWorkload, "world": p.readWorld, "seed": p.readSeed, "settle": p.readSettle,
	}
	for _, name := range headWords {
		l := lines[name]
		if l == nil {
			continue
		}
		if name == "system" {
			// It leads the canonical form, where what stands above it is the story.
			p.s.Story, l.note.Above = append(p.s.Story, l.note.Above...), nil
		}
		if l.note.Above != nil || l.note.Beside != "" {
			if p.s.Notes == nil {
				p.s.Notes = map[string]Note{}
			}
			p.s.Notes[name] = l.note
		}
		readers[name](&cursor{mistakes: &p.mistakes, line: l, next: 1})
	}
	switch {
	case lines["system"] == nil:
		p.add(Pos{1, 1}, "no line names the system; begin with: system NAME (there is %s)", list(p.voc.systemNames()))
	case p.system != nil && lines["workload"] == nil:
		p.workload(nil, lines["system"].end)
	}
}

func (p *parser) readSystem(c *cursor) {
	w, ok := c.take("the system's name")
	if !ok {
		return
	}
	p.s.System = w.text
	if p.system = p.voc.system(w.text); p.system == nil {
		p.unknown(w, "system", "there is", p.voc.systemNames(), nil)
	}
	c.done()
}

func (p *parser) readWorkload(c *cursor) {
	var set []Assign
	w, ok := c.take("a parameter (NAME=VALUE)")
	for ok {
		a, well := p.assign(w)
		if !well {
			break
		}
		set = append(set, a)
		if w, ok = c.peek(); ok {
			c.next++
		}
	}
	if p.system != nil {
		p.workload(set, c.line.end)
	}
	if ok {
		p.places = nil // a part of the workload was not understood
	}
}

// workload checks the parameters, and learns the nodes and links they make.
func (p *parser) workload(set []Assign, end Pos) {
	p.s.Workload = set
	if params, ok := p.values(p.system.Params, set, end, "parameter", p.system.Name); ok {
		p.s.Params, p.places = params, p.system.places(params)
	}
}

func (p *parser) readWorld(c *cursor) {
	w, ok := c.take("virtual")
	if !ok {
		return
	}
	if w.text != "virtual" {
		p.add(w.pos, "unknown world %s; only virtual can be asked for, and without this line a script runs in both worlds", quote(w.text))
		return
	}
	p.s.World = w.text
	c.done()
}

func (p *parser) readSeed(c *cursor) {
	w, ok := c.take("the seed")
	if !ok {
		return
	}
	seed, err := strconv.ParseUint(w.text, 10, 64)
	if err != nil {
		p.add(w.pos, "%s is no seed; it is a whole number from 0 to 18446744073709551615", quote(w.text))
		return
	}
	p.s.Seed = &seed
	c.done()
}

func (p *parser) readSettle(c *cursor) {
	w, ok := c.take("a duration")
	if !ok {
		return
	}
	if d, ok := p.duration(w, time.Nanosecond); ok {
		p.s.Settle = d
		c.done()
	}
}
