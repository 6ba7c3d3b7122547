package users

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"faultlab/sim/lab"
)

// A table is its journal: opened again it is the same, whatever was done to it,
// and no id is ever given twice.
func TestPropertyTableIsItsJournal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SampledFrom([]string{"create", "create", "write", "delete", "again", "open"}), 1, 30).Draw(rt, "script")
		err := onDesk(func(ctx context.Context, env lab.Env) error { return playTable(ctx, env, script) })
		if err != nil {
			rt.Logf("%v", err)
			rt.Fatalf("the table broke its promise")
		}
	})
}

// playTable does each step to the newest user that there is.
func playTable(ctx context.Context, env lab.Env, script []string) error {
	var t *table
	end := func() {}
	open := func() (err error) {
		end()                   // the last life
		time.Sleep(time.Second) // virtual; its journal ends
		life, cancel := context.WithCancel(ctx)
		end = cancel
		t, err = openTable(life, env)
		return err
	}
	if err := open(); err != nil {
		return err
	}
	last, given := request{}, map[int]bool{}
	for i, step := range append(script, "open") {
		c := request{key: fmt.Sprint(i), digest: fmt.Sprint(i), id: t.entries[len(t.entries)-1].ID}
		name, age := fmt.Sprint("user ", i), i
		switch step {
		case "create":
			c.id, c.fields = 0, fields{&name, &name, &age}
		case "write":
			c.fields.age = &age
		case "delete":
			if c.id <= shared {
				continue
			}
			c.delete = true
		case "again":
			c = last
		case "open":
			before := fmt.Sprint(t.entries, t.nextID, t.answers)
			if err := open(); err != nil {
				return err
			}
			if after := fmt.Sprint(t.entries, t.nextID, t.answers); after != before {
				return fmt.Errorf("it was %s and is %s", before, after)
			}
			continue
		}
		if c.key == "" {
			continue // nothing was asked yet
		}
		before := len(t.entries)
		if _, err := t.carryOut(ctx, visit{env: env}, c); err != nil {
			return err
		}
		if step == "again" && len(t.entries) != before {
			return errors.New("a known request was carried out again")
		}
		if id := t.entries[len(t.entries)-1].ID; step == "create" && given[id] {
			return fmt.Errorf("id %d is given twice", id)
		} else if step == "create" {
			given[id] = true
		}
		last = c
	}
	return nil
}

func TestEmailsTellWhoMadeAUser(t *testing.T) {
	for _, test := range []struct {
		address, source string
		seq             int64
	}{
		{email("client", 1), "client", 1},
		{email("client4", 10001), "client4", 10001},
		{"alice@example.com", "", 0},
		{"client.1@example.org", "", 0},
		{"client.01@example.com", "", 0},
		{"", "", 0},
	} {
		source, seq := madeBy(test.address)
		require.Equal(t, test.source, source, test.address)
		require.Equal(t, test.seq, seq, test.address)
	}
}
