package users

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
)

// readLimit is how long reading the log back may take: a server with one
// thread may be waiting for a client that is gone.
const readLimit = 2 * time.Second

// readBack asks the server for all users, as anybody can. The given ones are
// among them: clients write one, and its entry is the last read of it.
func readBack(ctx context.Context, o lab.Observer) ([]history.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	conn, err := o.Dial(ctx, server, port)
	if err != nil {
		return nil, fmt.Errorf("connect to the %s: %w", server, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+server+collection, nil)
	if err != nil {
		return nil, err
	}
	req.Close = true
	if err := req.Write(conn); err != nil {
		return nil, fmt.Errorf("ask for all users: %w", err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return nil, fmt.Errorf("the %s does not tell its users: %w", server, err)
	}
	defer resp.Body.Close()
	var all struct {
		Data []row `json:"data"`
	}
	text := json.NewDecoder(resp.Body)
	text.UseNumber() // or an age of a million would be 1e+06
	if err := text.Decode(&all); err != nil {
		return nil, fmt.Errorf("read all users, %s: %w", resp.Status, err)
	}
	var log []history.Event
	for _, u := range all.Data {
		e := history.Event{Node: server, ID: strconv.Itoa(u.ID), Value: fmt.Sprint(u.Age)}
		e.Source, e.Seq = madeBy(fmt.Sprint(u.Email))
		log = append(log, e)
	}
	return log, nil
}
