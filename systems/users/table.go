package users

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// journalFile holds every change, in the order in which they were made.
const journalFile = "users.journal"

// user is a row of the hardened server.
type user struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Age   int    `json:"age"`
}

// change is a record of the journal: a user as it is from then on, and the
// answer that says so. They are one record so that no crash comes between them:
// with the user but without the answer a retry would make a second user; with
// the answer but without the user it would be told of one that does not exist.
type change struct {
	User   user   `json:"user"`
	Gone   bool   `json:"gone,omitempty"` // it was deleted
	Key    string `json:"key,omitempty"`  // of the request, if it had one
	Digest string `json:"digest,omitempty"`
	Answer reply  `json:"answer"`
}

// entry is a user and how often it was changed.
type entry struct {
	user
	version int
}

// table is the users, and the answers that keyed requests have had. All of it
// is what the journal says.
type table struct {
	journal *journal.Journal
	entries []entry // in the order of their ids
	answers map[string]change
	nextID  int
}

// openTable recovers the table. It tries until the disk lets it or ctx ends;
// the table ends with ctx.
func openTable(ctx context.Context, env lab.Env) (*table, error) {
	j, records, err := journal.Open(ctx, env, journalFile)
	if err != nil {
		return nil, err
	}
	t := &table{journal: j, answers: map[string]change{}, nextID: 1}
	for _, u := range given {
		t.apply(change{User: user{u.id, u.name, u.email, u.age}})
	}
	for i, record := range records {
		var c change
		if err := json.Unmarshal(record, &c); err != nil {
			return nil, fmt.Errorf("record %d of %s is no change of a user: %w; move the file away to begin anew", i+1, journalFile, err)
		}
		t.apply(c)
	}
	return t, nil
}

// commit makes a change durable and then visible. In the other order somebody
// could read what a power cut takes back.
func (t *table) commit(ctx context.Context, c change) error {
	record, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write user %d as JSON: %w", c.User.ID, err)
	}
	if err := t.journal.Append(ctx, record); err != nil {
		return err
	}
	t.apply(c)
	return nil
}

// apply is what a change does to the table. The next id is one more than any
// that was ever given: also that of a user who is gone stays his.
func (t *table) apply(c change) {
	i, found := t.find(c.User.ID)
	switch {
	case c.Gone:
		t.entries = slices.Delete(t.entries, i, i+1)
	case found:
		t.entries[i] = entry{c.User, t.entries[i].version + 1}
	default:
		t.entries = slices.Insert(t.entries, i, entry{c.User, 1})
	}
	t.nextID = max(t.nextID, c.User.ID+1)
	if c.Key != "" {
		t.answers[c.Key] = c
	}
}

func (t *table) find(id int) (place int, found bool) {
	return slices.BinarySearchFunc(t.entries, id, func(e entry, id int) int { return e.ID - id })
}

// etag names a user in one version. No other user or version ever has it.
func (e entry) etag() string { return fmt.Sprintf(`"%d.%d"`, e.ID, e.version) }
