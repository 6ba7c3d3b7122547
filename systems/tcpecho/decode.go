package tcpecho

import (
	"fmt"
	"unicode/utf8"
)

// decode is bytes.decode('utf-8'): all of it is text, or it is an error, in
// Python's words. A character of which a read has got one half is one.
func decode(data []byte) (string, error) {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r != utf8.RuneError || size > 1 {
			at += size
			continue
		}
		bad, why := malformed(data[at:])
		if bad > 1 {
			return "", fmt.Errorf("'utf-8' codec can't decode bytes in position %d-%d: %s", at, at+bad-1, why)
		}
		return "", fmt.Errorf("'utf-8' codec can't decode byte 0x%02x in position %d: %s", data[at], at, why)
	}
	return string(data), nil
}

// malformed says what is wrong with the beginning of data, and of how many
// bytes: as many as could begin a character.
func malformed(data []byte) (bad int, why string) {
	if !begins(data[:1]) {
		return 1, "invalid start byte"
	}
	for bad = 1; bad < len(data); bad++ {
		if !begins(data[:bad+1]) {
			return bad, "invalid continuation byte"
		}
	}
	return bad, "unexpected end of data"
}

// begins reports whether data is a true beginning of some character: some bytes
// behind it make it one.
func begins(data []byte) bool { return !utf8.FullRune(data) }
