package journal

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strconv"
)

// headLength is that of what stands before a record, in bytes.
const headLength = len("00000005 3610a686 ")

// frame gives a record the form that it has in the file: its length and its
// CRC-32, both hexadecimal, the record, and an end of line, so that a journal
// of text can be read by people.
//
//	00000005 3610a686 hello
func frame(record []byte) []byte {
	framed := fmt.Appendf(make([]byte, 0, headLength+len(record)+1), "%08x %08x ", len(record), crc32.ChecksumIEEE(record))
	return append(append(framed, record...), '\n')
}

// unframe gives the records at the beginning of text, and how long that
// beginning is. At the first that is not whole it ends: what stands behind a
// torn one was synced no more than that. A run of zeros, which some file
// systems leave where data did not arrive, is no record; without the digits of
// its head it would be many empty ones.
func unframe(text []byte) (records [][]byte, size int64) {
	for {
		record, framed := first(text[size:])
		if framed == 0 {
			return records, size
		}
		records = append(records, record)
		size += framed
	}
}

// first gives the record at the beginning of text, and its length when framed;
// 0 if there is no whole one.
func first(text []byte) (record []byte, framed int64) {
	whole := wholeLength(text)
	if whole == 0 || whole > int64(len(text)) {
		return nil, 0
	}
	record = text[headLength : whole-1]
	if !bytes.Equal(frame(record), text[:whole]) {
		return nil, 0
	}
	return record, whole
}

// wholeLength is the length, when framed, of the record that begins text, as
// its head says; 0 if that is no head.
func wholeLength(text []byte) int64 {
	digits, _, _ := bytes.Cut(text[:min(headLength, len(text))], []byte(" "))
	length, err := strconv.ParseUint(string(digits), 16, 32)
	if err != nil {
		return 0
	}
	return int64(headLength) + int64(length) + 1
}
