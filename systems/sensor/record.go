package sensor

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"strconv"
	"strings"
)

// record is a reading with what tells it from every other: the machine, the
// sensor's epoch (one for each of its lives), and its number.
//
//	edge 1 17 paul 13.2 64.2 1612091235112730000 9f3a77c1
//	│    │ │  └ the line of Fig. 1               └ CRC-32 of all before it
//	│    │ └ number     └ epoch is the second field
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
func (r record) id() string {
	return r.host + "/" + strconv.Itoa(r.epoch) + "." + strconv.FormatInt(r.seq, 10)
}

// name is what the sensor is called.
func (r record) name() string { return firstField(r.line) }

// String is the record's text, without an end of line.
func (r record) String() string {
	text := r.host + " " + strconv.Itoa(r.epoch) + " " + strconv.FormatInt(r.seq, 10) + " " + r.line
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text)))
	return text + " " + hex.EncodeToString(sum)
}

var (
	errNotARecord = errors.New("not a record: host epoch seq name cpu memory time checksum")
	errChecksum   = errors.New("not a record: the checksum is wrong")
)

// parseRecord reads a record. A torn one has no right checksum, so it is never
// taken for a shorter one.
func parseRecord(text string) (record, error) {
	f := strings.Split(text, " ")
	// The published sensor writes the time in words besides: a fifth field.
	if len(f) != 8 && len(f) != 9 {
		return record{}, errNotARecord
	}
	last := len(f) - 1
	epoch, err1 := strconv.Atoi(f[1])
	seq, err2 := strconv.ParseInt(f[2], 10, 64)
	if errors.Join(err1, err2) != nil || epoch < 1 || seq < 1 {
		return record{}, errNotARecord
	}
	// With an end of line inside, one record would be two lines of the log, and
	// the next recovery would throw away all that stands behind it.
	if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) {
		return record{}, errNotARecord
	}
	r := record{host: f[0], epoch: epoch, seq: seq, line: strings.Join(f[3:last], " ")}
	if !isName(r.host) || !isName(r.name()) {
		return record{}, errNotARecord
	}
	if r.String() != text {
		return record{}, errChecksum
	}
	return r, nil
}

// longestName leaves room for what is put around a name in a file name.
const longestName = 64

// isName reports whether a machine or a sensor may be called so: of a–z, 0–9,
// - and _ only. The log is named after the sensor, so `../x` would leave the
// folder, and on a disk that does not tell Paul from paul two ledgers would
// truncate one file.
func isName(s string) bool {
	return s != "" && len(s) <= longestName && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
