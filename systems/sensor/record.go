package sensor

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

// record is a reading with what tells it from every other: the machine, the
// sensor's epoch (one for each of its lives), and its number.
//
//	edge 1 17 paul 13.2 64.2 1612091235112730000 9f3a77c1
//	│    │ │  └ the document's line              └ CRC-32 of all before it
//	│    │ └ number     └ epoch
//
// The time stamp is data here. It cannot be an identity: a clock can be set
// back, and two sensors can have one name.
type record struct {
	host  string
	epoch int
	seq   int64
	line  string
}

// id names the record within its sensor.
func (r record) id() string { return fmt.Sprintf("%s/%d.%d", r.host, r.epoch, r.seq) }

// String is the record's text, without an end of line.
func (r record) String() string {
	text := fmt.Sprintf("%s %d %d %s", r.host, r.epoch, r.seq, r.line)
	return fmt.Sprintf("%s %08x", text, crc32.ChecksumIEEE([]byte(text)))
}

var errNotARecord = errors.New("not a record: host epoch seq name cpu memory time checksum")

// parseRecord reads a record. A torn one has no right checksum, so it is never
// taken for a shorter one.
func parseRecord(text string) (record, error) {
	f := strings.Split(text, " ")
	if len(f) != 8 {
		return record{}, errNotARecord
	}
	epoch, err1 := strconv.Atoi(f[1])
	seq, err2 := strconv.ParseInt(f[2], 10, 64)
	if err := errors.Join(err1, err2); err != nil || epoch < 1 || seq < 1 {
		return record{}, errNotARecord
	}
	r := record{host: f[0], epoch: epoch, seq: seq, line: strings.Join(f[3:7], " ")}
	if r.String() != text {
		return record{}, errors.New("not a record: the checksum is wrong")
	}
	return r, nil
}
