package facade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/web"
)

// poster is a client. The document's is whoever sits in front of the browser.
type poster struct {
	env    lab.Env
	client *http.Client
	keyed  bool // it names its messages itself
}

// newPoster makes a client that waits for an answer as long as timeout says; 0
// is for ever.
func newPoster(env lab.Env, keyed bool, timeout time.Duration) poster {
	return poster{env: env, client: web.Client(env, facade, false, timeout), keyed: keyed}
}

// run posts the messages of the workload, one after the other.
func (c poster) run(ctx context.Context) error {
	p := c.env.Params()
	n := int64(p.Int("messages"))
	return lab.Workload(ctx, c.env, n, p.Duration("every"), func(seq int64) {
		if p.Bool("fixed_id") && seq > n {
			// Another message would be one more for the experiment; that the lab
			// is there, a look at the log tells too.
			c.get(ctx, seq)
			return
		}
		c.post(ctx, seq)
	})
}

// post is an operation. It is ok if the facade says so, fail if all that it
// said is that nothing was stored, and info if anything is open.
func (c poster) post(ctx context.Context, seq int64) {
	p := c.env.Params()
	op := history.Event{Op: "post", Source: c.env.Node().Name, Seq: seq, Value: text(c.env.Node().Name, seq)}
	if c.keyed {
		op.ID = fmt.Sprintf("%s/%d", op.Source, seq)
		if p.Bool("fixed_id") {
			op.ID = fixedID
		}
	}
	c.record(op, history.Invoke)
	posts := 1
	if p.Bool("repost") {
		posts = p.Int("attempts")
	}
	open := false
	var why error
	for n := range posts {
		if n > 0 && lab.Rest(ctx, p.Duration("pause")) != nil {
			break
		}
		var id string
		id, why = c.send(ctx, op)
		if why == nil {
			op.ID, op.Value = id, ""
			c.record(op, history.OK)
			return
		}
		open = open || !errors.Is(why, errNotStored)
	}
	op.Value, op.Detail = "", fmt.Sprint(why)
	if open {
		c.record(op, history.Info)
	} else {
		c.record(op, history.Fail)
	}
}

// errNotStored says that a message certainly was not stored by this attempt.
var errNotStored = errors.New("not stored")

// send posts once, and returns the id that the facade gave the message.
func (c poster) send(ctx context.Context, op history.Event) (id string, err error) {
	body, err := json.Marshal(map[string]string{"msg": op.Value})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+facade+pathOf(c.env.Params()), bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	e := about(op.ID, op.Value)
	if c.keyed {
		req.Header.Set(keyHeader, op.ID)
	} else {
		e.ID = op.Value // it pairs the messages in the history, and is not sent
	}
	resp, answer, err := web.Do(c.env, c.client, req, e)
	switch {
	case errors.Is(err, web.ErrNotSent):
		return "", fmt.Errorf("%w: %w", errNotStored, err)
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode/100 == 4:
		return "", fmt.Errorf("%w: %s: %.200s", errNotStored, resp.Status, answer)
	case resp.StatusCode/100 != 2:
		return "", fmt.Errorf("%s: %.200s", resp.Status, answer)
	}
	var posted posted
	if err := json.Unmarshal(answer, &posted); err != nil {
		return "", fmt.Errorf("the answer is cut or no JSON: %w", err)
	}
	return posted.ID, nil
}

// get is an operation that leaves nothing in the log.
func (c poster) get(ctx context.Context, seq int64) {
	op := history.Event{Op: "get", Source: c.env.Node().Name, Seq: seq}
	c.record(op, history.Invoke)
	err := c.fetch(ctx, op)
	if err != nil {
		op.Detail = err.Error()
		c.record(op, history.Info)
		return
	}
	c.record(op, history.OK)
}

func (c poster) fetch(ctx context.Context, op history.Event) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+facade+pathOf(c.env.Params()), nil)
	if err != nil {
		return err
	}
	resp, answer, err := web.Do(c.env, c.client, req, op)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.200s", resp.Status, answer)
	}
	return err
}

func (c poster) record(e history.Event, kind history.Kind) {
	e.Kind = kind
	c.env.Record(e)
}
