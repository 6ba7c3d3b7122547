package proxy

import "sync"

// uses leads from the JSON of a toxic to its fault. Toxiproxy makes toxics by
// reflection out of JSON alone, so that there is no other way to hand them a
// pointer than a table which both sides can see. An entry is there only while
// its toxic is being added.
var uses = useTable{entries: map[int64]use{}}

type useTable struct {
	mu      sync.Mutex
	last    int64
	entries map[int64]use
}

// put enters a use until release is called.
func (t *useTable) put(u use) (number int64, release func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	number = t.last
	t.entries[number] = u
	return number, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.entries, number)
	}
}

func (t *useTable) find(number int64) (use, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u, ok := t.entries[number]
	return u, ok
}
