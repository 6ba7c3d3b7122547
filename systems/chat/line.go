package chat

import (
	"fmt"

	"faultlab/systems/chat/chatpb"
)

// number tells a line from all others of its sender. The epoch is the life of
// the program in which it was typed: as a life is counted on disk before its
// first line, no number is ever given twice, whatever of a life was lost.
type number struct {
	Epoch int64 `json:"epoch"`
	Seq   int64 `json:"seq"` // in that life, from 1
}

// after reports whether a line of this number was typed after one of the other.
func (n number) after(m number) bool {
	return n.Epoch > m.Epoch || n.Epoch == m.Epoch && n.Seq > m.Seq
}

func (n number) String() string { return fmt.Sprintf("%d.%d", n.Epoch, n.Seq) }

// line is a line as a book keeps it.
type line struct {
	number        // none: the document's own program said it
	Sender string `json:"sender"`
	To     string `json:"to"`
	Stamp  int64  `json:"stamp"` // Lamport's; see book.go
	Time   string `json:"time"`
	Text   string `json:"text"`
}

// id is what the history calls a line on its way.
func (l line) id() string { return fmt.Sprintf("%s/%s", l.Sender, l.number) }

func lineOf(in *chatpb.Message) line {
	return line{
		number: number{in.GetEpoch(), in.GetSeq()},
		Sender: in.GetSender(), To: in.GetTo(), Stamp: in.GetStamp(), Time: in.GetTime(), Text: in.GetMsg(),
	}
}

func (l line) message() *chatpb.Message {
	return &chatpb.Message{
		Time: l.Time, Sender: l.Sender, Msg: l.Text,
		To: l.To, Epoch: l.Epoch, Seq: l.Seq, Stamp: l.Stamp,
	}
}
