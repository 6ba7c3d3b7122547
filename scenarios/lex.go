package scenarios

import (
	"strings"
	"unicode"
)

// word is one word of a line. Only the fourth of a "when" line can be quoted;
// text is without the quotes.
type word struct {
	text   string
	quoted bool
	pos    Pos
}

// line is a line that says something, with the comments that belong to it.
type line struct {
	words []word // at least one
	end   Pos    // right behind the last word: where a missing one belongs
	note  Note
}

// lex splits a script into its lines and the comments after the last of them.
func (m *mistakes) lex(text string) (lines []line, end []string) {
	var above []string
	blank := false // a blank line since the last comment
	for i, row := range strings.Split(text, "\n") {
		l, comment, commented := m.lexLine(i+1, []rune(strings.TrimSuffix(row, "\r")))
		switch {
		case len(l.words) > 0:
			l.note = Note{Above: above, Beside: comment}
			lines = append(lines, l)
			above, blank = nil, false
		case commented:
			if blank && above != nil {
				above = append(above, "") // paragraphs stay apart
			}
			above, blank = append(above, comment), false
		default:
			blank = true
		}
		if m.tooMany() {
			break
		}
	}
	return lines, above
}

// lexLine splits one line. commented tells an empty comment from none.
func (m *mistakes) lexLine(n int, text []rune) (l line, comment string, commented bool) {
	for i := 0; i < len(text); {
		at := Pos{n, i + 1}
		switch {
		case text[i] == ' ' || text[i] == '\t':
			i++
			continue
		case text[i] == '#' && !isCount(l.words, text[i:]):
			comment = strings.TrimRightFunc(strings.TrimPrefix(string(text[i+1:]), " "), unicode.IsSpace)
			m.checkLength(at, comment)
			return l, comment, true
		}
		w := word{pos: at}
		ok := true
		switch {
		case text[i] == '|':
			w.text = "|"
			i++
		case text[i] == '"' && len(l.words) == 3 && l.words[0].text == "when":
			w.quoted = true
			w.text, i, ok = m.lexQuoted(n, text, i)
		default:
			w.text, i, ok = m.lexBare(n, text, i)
		}
		if !ok {
			return l, "", false
		}
		m.checkLength(at, w.text)
		l.words = append(l.words, w)
		l.end = Pos{n, i + 1}
	}
	return l, "", false
}

// isCount tells the count of a trigger from a comment: "#17" is one right
// after the verb or the match (the fourth or fifth word of a "when" line), and
// nowhere else.
func isCount(before []word, text []rune) bool {
	if n := len(before); n != 3 && n != 4 || before[0].text != "when" {
		return false
	}
	digits := strings.TrimPrefix(string(text[1:min(len(text), 3)]), "-")
	return digits != "" && '0' <= digits[0] && digits[0] <= '9'
}

// lexBare reads a word that begins at i, and tells where it ends.
func (m *mistakes) lexBare(n int, text []rune, i int) (s string, next int, ok bool) {
	start := i
	for ; i < len(text) && !strings.ContainsRune(" \t|", text[i]); i++ {
		at := Pos{n, i + 1}
		if text[i] == '"' {
			m.add(at, `quotes belong around the text that a trigger waits for (when NODE VERB "TEXT"), and nowhere else`)
			return "", 0, false
		}
		if plain := lookalike(text[i]); plain != "" {
			m.add(at, "%q (%U) is not what it looks like; write %s", text[i], text[i], plain)
			return "", 0, false
		}
	}
	return string(text[start:i]), i, true
}

// lookalike gives what to write for a character that a word processor or a web
// page puts in the place of a plain one.
func lookalike(r rune) (plain string) {
	switch {
	case unicode.IsSpace(r):
		return "a plain space"
	case strings.ContainsRune("“”„", r):
		return `a plain "`
	case r == '→':
		return "->"
	}
	return ""
}

// lexQuoted reads a quoted text that begins at i, and tells where it ends.
func (m *mistakes) lexQuoted(n int, text []rune, i int) (s string, next int, ok bool) {
	start := i
	var b strings.Builder
	for i++; i < len(text); i++ {
		switch text[i] {
		case '"':
			i++
			if i < len(text) && !strings.ContainsRune(" \t|", text[i]) {
				m.add(Pos{n, i + 1}, "a space is missing behind the quoted text")
				return "", 0, false
			}
			return b.String(), i, true
		case '\\':
			if i+1 == len(text) || !strings.ContainsRune(`"\`, text[i+1]) {
				m.add(Pos{n, i + 1}, `a backslash in quoted text stands before " or \ only; write \\ for a backslash`)
				return "", 0, false
			}
			i++
		}
		b.WriteRune(text[i])
	}
	m.add(Pos{n, start + 1}, `the quoted text does not end on this line; close it with "`)
	return "", 0, false
}

func (m *mistakes) checkLength(at Pos, text string) {
	if n := len([]rune(text)); n > maxWord {
		m.add(at, "%d characters without an end; at most %d are read", n, maxWord)
	}
}
