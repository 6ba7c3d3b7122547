package multicast

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// frame is a datagram of the hardened protocol. All numbers are in the network's
// order of bytes, the highest first.
//
//	0      1      2        4                    20        28      36       40
//	│ mark │ kind │ length │ sender, then zeros │  epoch  │  seq  │ CRC-32 │ payload
//	                 └ of the payload
//
// Sender, epoch and seq are on every datagram in both directions. A sender counts
// its messages from 1 in each epoch, and an epoch lasts as long as its memory of
// them: its disk.
type frame struct {
	kind    kind
	sender  string
	epoch   uint64
	seq     uint64
	payload []byte
}

type kind byte

const (
	kindMessage   kind = 1 // message seq; payload: its text
	kindHeartbeat kind = 2 // seq is the last message there is
	kindWant      kind = 3 // the receiver lacks seq; payload: and all up to this number
	kindJoin      kind = 4 // only in a receiver's journal: seq is the first that it is owed
)

const (
	mark = 0xff // begins no text in UTF-8: a datagram of the document's sender is no frame
	head = 40
	// longest is what a message may have so that its datagram passes Ethernet in
	// one piece: 1500 bytes less the headers of IP and UDP, and this one.
	longest     = 1472 - head
	longestName = 16
)

func (f frame) bytes() []byte {
	b := make([]byte, head, head+len(f.payload))
	b[0], b[1] = mark, byte(f.kind)
	binary.BigEndian.PutUint16(b[2:], uint16(len(f.payload)))
	copy(b[4:20], f.sender)
	binary.BigEndian.PutUint64(b[20:], f.epoch)
	binary.BigEndian.PutUint64(b[28:], f.seq)
	b = append(b, f.payload...)
	binary.BigEndian.PutUint32(b[36:], checksum(b))
	return b
}

// checksum is of all of a frame but itself.
func checksum(b []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE(b[:36]), crc32.IEEETable, b[head:])
}

var errNoFrame = errors.New("it is no whole frame")

// parseFrame reads a datagram, or a record of a journal.
func parseFrame(b []byte) (frame, error) {
	if len(b) < head || b[0] != mark || int(binary.BigEndian.Uint16(b[2:])) != len(b)-head || binary.BigEndian.Uint32(b[36:]) != checksum(b) {
		return frame{}, errNoFrame
	}
	f := frame{
		kind: kind(b[1]), sender: string(bytes.TrimRight(b[4:20], "\x00")),
		epoch: binary.BigEndian.Uint64(b[20:]), seq: binary.BigEndian.Uint64(b[28:]), payload: bytes.Clone(b[head:]),
	}
	if f.sender == "" || strings.Contains(f.sender, "\x00") {
		return frame{}, errNoFrame
	}
	return f, nil
}

// want asks for the messages from first to last. With a first behind the last
// that there is, it says that nothing is lacking.
func (f frame) want(first, last uint64) frame {
	f.kind, f.seq, f.payload = kindWant, first, binary.BigEndian.AppendUint64(nil, last)
	return f
}

// wanted reads what is asked for.
func (f frame) wanted() (first, last uint64, ok bool) {
	if f.kind != kindWant || len(f.payload) != 8 {
		return 0, 0, false
	}
	return f.seq, binary.BigEndian.Uint64(f.payload), true
}

// id tells a message from all others.
func (f frame) id() string { return fmt.Sprintf("%s/%d.%d", f.sender, f.epoch, f.seq) }
