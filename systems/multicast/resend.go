package multicast

import (
	"faultlab/sim/history"
)

// window is how many messages a receiver gets at once when it lacks many, and how
// many it keeps that came early: more would overflow its queue, or its memory.
const window = 64

// answer gives a member what it wants, and notes what it has.
func (k *speaker) answer(m *member) {
	buffer := make([]byte, 1<<16)
	var c cursor
	for {
		n, err := m.conn.Read(buffer)
		if err != nil {
			return // the program ends
		}
		f, err := parseFrame(buffer[:n])
		first, last, ok := f.wanted()
		if err != nil || !ok || first == 0 || f.sender != k.said.begin.sender || f.epoch != k.said.begin.epoch {
			continue
		}
		e := f.event()
		e.Kind, e.Msg = history.Recv, msg(e.ID, m.name)
		k.env.Record(e)
		if first > m.has.Load()+1 {
			m.has.Store(first - 1)
			select {
			case k.news <- struct{}{}:
			default: // it has not been read yet
			}
		}
		last = min(last, first+window-1, k.said.last.Load())
		if first > last {
			continue
		}
		lacking, err := k.said.from(&c, first, last)
		if err != nil {
			k.env.Printf("cannot read what %s wants: %v", m.name, err) // it asks again
		}
		for _, f := range lacking {
			e := f.event()
			e.Kind, e.Detail = history.Send, "again, for "+m.name
			e.Link, e.Msg = linkTo(m.name), msg(e.ID, m.name)
			k.send(m, f, e)
		}
	}
}
