package userservice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
	"faultlab/sim/lab/rpc"
	"faultlab/systems/userservice/userpb"
)

// The logs: usersLog is what GetUsers gives, a list of a client what it has
// taken of one GetUsers, and each member of the chat has what they were shown.
const usersLog = "users"

// What a client prints, from which its lists and the document's chat are read.
const (
	listBegins = "Receiving user stream..."
	shown      = "Received from "
)

// printTaken prints the i-th user of a list.
func printTaken(env lab.Env, i int, u *userpb.UserResponse) {
	env.Printf("User %d: %s (%s)", i, u.GetName(), u.GetEmail())
}

// readBack reads all logs. The given users are in none: nobody asked for them.
func readBack(chat func(o lab.Observer, member string) ([]history.Event, error)) func(context.Context, lab.Observer) ([]history.Event, error) {
	return func(ctx context.Context, o lab.Observer) ([]history.Event, error) {
		log, err := users(ctx, o)
		if err != nil {
			return nil, err
		}
		for _, client := range members(o.Params()) {
			log = append(log, lists(o, client)...)
			if !chats(o.Params()) {
				continue
			}
			heard, err := chat(o, client)
			if err != nil {
				return nil, fmt.Errorf("read what %s was shown: %w", client, err)
			}
			log = append(log, heard...)
		}
		return log, nil
	}
}

// users asks the server for all users, as anybody can.
func users(ctx context.Context, o lab.Observer) ([]history.Event, error) {
	p := o.Params()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second+2*time.Duration(p.Int("clients")*p.Int("operations")+10)*p.Duration("list_pace"))
	defer cancel()
	conn, err := rpc.Look(o, server, port)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	stream, err := userpb.NewUserServiceClient(conn).GetUsers(ctx, &userpb.GetUsersRequest{})
	if err != nil {
		return nil, fmt.Errorf("ask for all users: %w", err)
	}
	var log []history.Event
	for {
		u, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return log, nil
		}
		if err != nil {
			return nil, fmt.Errorf("take all users: %w", err)
		}
		if u.GetId() > int32(len(given)) {
			log = append(log, entryOf(usersLog, fmt.Sprint(u.GetId()), u.GetEmail()))
		}
	}
}

// entryOf is a user in a log.
func entryOf(log, id, email string) history.Event {
	e := history.Event{Node: log, ID: id, Value: email}
	e.Source, e.Seq = madeBy(email)
	return e
}

// lists reads a client's lists off its console, as whoever sits there would.
func lists(o lab.Observer, client string) []history.Event {
	var log []history.Event
	n := 0
	for _, line := range o.Console(client) {
		if line == listBegins {
			n++
		}
		_, who, taken := strings.Cut(line, " (")
		email, whole := strings.CutSuffix(who, ")")
		if !taken || !whole || !strings.HasPrefix(line, "User ") {
			continue
		}
		if e := entryOf(fmt.Sprintf("list %d of %s", n, client), "", email); e.Seq > 0 {
			log = append(log, e)
		}
	}
	return log
}

// heardOn reads the document's chat off a member's console.
func heardOn(o lab.Observer, member string) ([]history.Event, error) {
	var log []history.Event
	for _, line := range o.Console(member) {
		if text, ok := strings.CutPrefix(line, shown+speaker+": "+echo); ok {
			log = append(log, heard(member, text))
		}
	}
	return log, nil
}

// heard is a message in a member's log.
func heard(member, text string) history.Event {
	e := history.Event{Node: member, Value: text}
	e.Source, e.Seq = saidBy(text)
	return e
}

// keptBy reads a member's journal of what they were shown. One who was shown
// nothing may have none.
func keptBy(o lab.Observer, member string) ([]history.Event, error) {
	records, err := journal.Read(o.Disk(member), shownFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var log []history.Event
	for _, text := range records {
		var k kept
		if err := json.Unmarshal(text, &k); err != nil {
			return nil, fmt.Errorf("read %s: %w", shownFile, err)
		}
		log = append(log, heard(member, k.Message))
	}
	return log, nil
}
