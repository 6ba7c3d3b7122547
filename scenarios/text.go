package scenarios

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// maxText bounds a script, in bytes; maxWord a word or comment in it, in
// characters. Words are bounded rather than lines, because the canonical form
// pads lines and keeps words: a script that can be read stays so.
const (
	maxText = 1 << 20
	maxWord = 1000
)

const byteOrderMark = '\uFEFF'

// checkText finds what no script may contain, whatever it says. It stops at
// the first such thing: a file with one of them is no script at all.
func (m *mistakes) checkText(text []byte) {
	switch {
	case len(text) > maxText:
		m.add(Pos{1, 1}, "the script has %d bytes; at most %d are read", len(text), maxText)
		return
	case bytes.HasPrefix(text, []byte(string(byteOrderMark))):
		m.add(Pos{1, 1}, "the file begins with a byte order mark; save it as UTF-8 without one")
		return
	}
	at := Pos{1, 1}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			m.add(at, "byte %#02x is not UTF-8; save the file as UTF-8", text[i])
			return
		case r == '\n':
			at = Pos{at.Line + 1, 0}
		case r == '\r' && bytes.HasPrefix(text[i:], []byte("\r\n")):
		case r != '\t' && !printable(r):
			m.add(at, "control character %U; remove it", r)
			return
		}
		at.Col++
		i += size
	}
}

// printable leaves out what a reader cannot see and an editor may act on: an
// unseen line separator or change of direction makes a script show another
// order of words than it has.
func printable(r rune) bool {
	switch {
	case unicode.IsControl(r), r == byteOrderMark, r == '\u2028', r == '\u2029':
		return false
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return false
	}
	return true
}
