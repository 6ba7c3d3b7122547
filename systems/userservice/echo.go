package userservice

import (
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	"faultlab/sim/history"
	"faultlab/systems/userservice/userpb"
)

// Chat implements the service. It means to send each message to all others, and
// does not: in a response-streaming call, what is yielded goes to who made that
// call. So each message comes back to its sender, once for each of the others,
// who get nothing; and who is alone gets nothing either.
//
// All that is sent is sent under the lock. One client that does not read makes
// everybody wait who says something, and everybody who creates a user.
func (d *documented) Chat(stream grpc.BidiStreamingServer[userpb.ChatMessage, userpb.ChatMessage]) error {
	if err := d.lock.LockContext(d.ctx); err != nil {
		return err
	}
	d.ever++
	id := d.uuid(d.ever)
	d.chats++
	d.lock.Unlock()
	d.env.Printf("[Chat] Client connected: %s", id)
	err := d.echo(stream)
	// Who is cut off with others leaves in one instant with them; an event has a
	// time of its own.
	d.env.Record(history.Event{Kind: history.Decide, Op: "chat", ID: id, Detail: "the stream has ended → remove"})
	if err != nil {
		d.env.Printf("[Chat] Client %s disconnected: %v", id, err)
	}
	if err := d.lock.LockContext(d.ctx); err != nil {
		return err
	}
	d.chats--
	d.lock.Unlock()
	d.env.Printf("[Chat] Client %s removed", id)
	return nil
}

func (d *documented) echo(stream grpc.BidiStreamingServer[userpb.ChatMessage, userpb.ChatMessage]) error {
	for {
		in, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		d.env.Printf("[Chat] Message from %s: %s", in.GetUserId(), plain(in.GetMessage()))
		if err := d.lock.LockContext(d.ctx); err != nil {
			return err
		}
		for range d.chats - 1 {
			if err = stream.Send(d.reply(in)); err != nil {
				break
			}
		}
		d.lock.Unlock()
		if err != nil {
			return err
		}
	}
}

// reply does not say who has spoken.
func (d *documented) reply(in *userpb.ChatMessage) *userpb.ChatMessage {
	return &userpb.ChatMessage{UserId: speaker, Message: echo + in.GetMessage(), Timestamp: d.env.Now().Unix()}
}

// uuid is uuid4, for the console.
func (d *documented) uuid(n int) string {
	draw := d.env.Rand(fmt.Sprint("chat client ", n))
	high, low := draw.Uint64(), draw.Uint64()
	high = high&^0xf000 | 0x4000 // version 4
	low = low&^(3<<62) | 2<<62   // variant
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1))
}
