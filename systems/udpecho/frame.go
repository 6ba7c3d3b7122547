package udpecho

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"faultlab/sim/history"
)

// frame is a datagram of the hardened protocol. All numbers are in the network's
// order of bytes, the highest first.
//
//	0      1      2        4                    20        28         32
//	│ mark │ kind │ length │ client, then zeros │  seq    │ CRC-32   │ payload
//	                 └ of the payload                       └ of all the rest
//
// Client and seq are on every request and on its answer: who has them knows a
// copy from a new message, and the answer from an answer.
type frame struct {
	kind    kind
	client  string // at most longestName bytes, without zeros
	seq     uint64 // of this client's messages, rising
	payload []byte
}

type kind byte

const (
	kindAsk     kind = 1 // payload: the message
	kindEcho    kind = 2 // payload: UDP-ECHO: and the message
	kindNumbers kind = 3 // payload: a uint32 and a float32
	kindRefusal kind = 4 // payload: why
)

const (
	// mark begins a frame. No text in UTF-8 does, so that a datagram of the
	// document's own client is none.
	mark = 0xff
	head = 32
	// mtu is what a datagram may have over Ethernet without being cut into
	// fragments, of which one lost loses all: 1500 less the headers of IP and UDP.
	mtu = 1472
	// longest is what a message may have: its answer has a header too, and is
	// longer by "UDP-ECHO: ".
	longest     = mtu - head - len(echo)
	longestName = 16
)

func (f frame) bytes() []byte {
	b := make([]byte, head, head+len(f.payload))
	b[0], b[1] = mark, byte(f.kind)
	binary.BigEndian.PutUint16(b[2:], uint16(len(f.payload)))
	copy(b[4:20], f.client)
	binary.BigEndian.PutUint64(b[20:], f.seq)
	b = append(b, f.payload...)
	binary.BigEndian.PutUint32(b[28:], checksum(b))
	return b
}

// checksum is of all of a frame but itself. That of UDP is not enough: it is
// computed anew by whatever reads a datagram and sends it on.
func checksum(b []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE(b[:28]), crc32.IEEETable, b[head:])
}

var (
	errNoFrame = errors.New("it does not begin as a frame does")
	errDamaged = errors.New("its length or its checksum is wrong")
)

// parseFrame reads a datagram: errNoFrame if it is something else, errDamaged if
// not all of it is as it was sent.
func parseFrame(b []byte) (frame, error) {
	if len(b) == 0 || b[0] != mark {
		return frame{}, errNoFrame
	}
	if len(b) < head || int(binary.BigEndian.Uint16(b[2:])) != len(b)-head || binary.BigEndian.Uint32(b[28:]) != checksum(b) {
		return frame{}, errDamaged
	}
	f := frame{kind: kind(b[1]), seq: binary.BigEndian.Uint64(b[20:]), payload: bytes.Clone(b[head:])}
	name := bytes.TrimRight(b[4:20], "\x00")
	f.client = string(name)
	// Another form of the same name would be another client.
	if f.client == "" || strings.Contains(f.client, "\x00") {
		return frame{}, errDamaged
	}
	return f, nil
}

// id names the message that the frame asks or answers.
func (f frame) id() string { return fmt.Sprintf("%s/%d", f.client, f.seq) }

// event is what the history says of the frame.
func (f frame) event() history.Event {
	return history.Event{Op: opEcho, Source: f.client, Seq: int64(f.seq), ID: f.id(), Value: shown(f.payload)}
}
