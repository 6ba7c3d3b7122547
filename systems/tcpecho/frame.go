package tcpecho

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// frame is a message, in either direction: its length in bytes and then the
// body, numbers in network order.
//
//	length 4 │ kind 1 │ seq 8 │ 4 + client │ 4 + text │ 4 + more
//
// However TCP slices or joins what is sent, who reads a length and then so many
// bytes has one message. The first byte of a frame is 0, and no text that a
// person types begins with that, nor has any welcome one in it.
type frame struct {
	Kind   kind
	Seq    int64  // from 1, the client's own numbering
	Client string // whose number it is
	Text   string // the text, its echo, or why it was refused
	More   string // what a command adds to its echo
}

// kind is what a frame says.
type kind byte

const (
	ask     kind = 1 + iota // a text, from a client
	done                    // its echo
	again                   // nothing was done, and the connection ends; ask again
	refused                 // nothing was done, and nothing will be
	list                    // a look at the log
	entry                   // one text of the log, as it was asked
	last                    // that was all
)

const (
	// largestText is how long a text may be, in bytes.
	largestText = 64 << 10
	longestName = 64
	// largestBody leaves room for what stands before a text, and behind it.
	largestBody = largestText + 1<<10
)

// encode gives the frame's bytes.
func (f frame) encode() []byte {
	body := f.body()
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
}

// body is a frame without its length.
func (f frame) body() []byte {
	body := binary.BigEndian.AppendUint64([]byte{byte(f.Kind)}, uint64(f.Seq))
	for _, field := range []string{f.Client, f.Text, f.More} {
		body = binary.BigEndian.AppendUint32(body, uint32(len(field)))
		body = append(body, field...)
	}
	return body
}

// readFrame reads one frame. It returns io.EOF where the stream ends before
// one, and io.ErrUnexpectedEOF where it ends in the middle.
func readFrame(r io.Reader) (frame, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length > largestBody {
		return frame{}, fmt.Errorf("a frame of %d bytes is too long; %d is the most", length, largestBody)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		if errors.Is(err, io.EOF) { // the end is right behind the length
			err = io.ErrUnexpectedEOF
		}
		return frame{}, err
	}
	return parseFrame(body)
}

var errFrame = errors.New("that is no frame")

// parseFrame reads a body, which must have nothing besides.
func parseFrame(body []byte) (frame, error) {
	if len(body) < 9 {
		return frame{}, errFrame
	}
	f := frame{Kind: kind(body[0]), Seq: int64(binary.BigEndian.Uint64(body[1:]))}
	body = body[9:]
	for _, field := range []*string{&f.Client, &f.Text, &f.More} {
		if len(body) < 4 {
			return frame{}, errFrame
		}
		length := binary.BigEndian.Uint32(body)
		body = body[4:]
		if uint64(length) > uint64(len(body)) {
			return frame{}, errFrame
		}
		*field, body = string(body[:length]), body[length:]
	}
	if len(body) > 0 {
		return frame{}, errFrame
	}
	return f, nil
}

// check tells what is wrong with a text to be handled.
func (f frame) check() error {
	switch {
	case f.Seq < 1:
		return errors.New("a text is numbered from 1")
	case f.Client == "" || len(f.Client) > longestName || !utf8.ValidString(f.Client):
		return fmt.Errorf("a client's name is a text of 1 to %d bytes", longestName)
	case len(f.Text) > largestText:
		return fmt.Errorf("a text has at most %d bytes", largestText)
	case f.More != "":
		return errors.New("a client has nothing to add")
	}
	return nil
}

// of is the text that a frame is about.
func (f frame) of() text { return text{source: f.Client, seq: f.Seq, bytes: f.Text} }
