package scenarios

import "slices"

// Parse reads and validates a script. name becomes the scenario's; file stands
// for the script in errors.
//
// The error joins one *Error a mistake, in the order of the text, so that a
// script can be mended in one go.
//
//	text → lex: lines of words → head: whose words? → steps, expects
func Parse(name, file string, text []byte, voc Vocabulary) (*Scenario, error) {
	p := parser{mistakes: mistakes{file: file}, voc: voc, s: &Scenario{Name: name}}
	if p.checkText(text); p.list != nil {
		return nil, p.err()
	}
	lines, end := p.lex(string(text))
	if p.list != nil {
		return nil, p.err()
	}
	p.s.End = end
	p.script(lines)
	if err := p.err(); err != nil {
		return nil, err
	}
	return p.s, nil
}

// parser reads one script.
type parser struct {
	mistakes
	voc Vocabulary
	s   *Scenario

	// What follows of the head. Nil if the head does not tell, and then nothing
	// is checked against it: one unknown system would make every word after it
	// unknown.
	system *SystemWords
	places *places

	expected map[verdict]expectation
}

// The first words of a line.
var (
	headWords = []string{"system", "workload", "world", "seed", "settle"}
	stepWords = []string{"at", "every", "when"}
	lineWords = slices.Concat(headWords, stepWords, []string{"expect"})
)

// script reads all lines. The head is read first wherever it stands, because
// it says whose words the others may use.
func (p *parser) script(lines []line) {
	head := map[string]*line{}
	var body []*line
	for i := range lines {
		l := &lines[i]
		if i == 0 {
			p.s.Story, l.note.Above = l.note.Above, nil
		}
		switch first := l.words[0]; {
		case p.tooMany():
			return
		case !slices.Contains(lineWords, first.text):
			p.unknownLine(first)
		case !slices.Contains(headWords, first.text):
			body = append(body, l)
		case head[first.text] != nil:
			p.add(first.pos, "a second %s line; the first is line %d", first.text, head[first.text].end.Line)
		default:
			head[first.text] = l
		}
	}
	p.head(head)
	for _, l := range body {
		if p.tooMany() {
			return
		}
		c := &cursor{mistakes: &p.mistakes, line: l, next: 1}
		if l.words[0].text == "expect" {
			p.expect(c)
		} else {
			p.step(c)
		}
	}
}

// unknownLine reports a line that begins with no word of the language.
func (p *parser) unknownLine(first word) {
	if p.voc.fault(first.text) != nil {
		p.add(first.pos, "the line does not say when; begin with at, every or when: at 1s %s …", first.text)
		return
	}
	p.unknown(first, "line", "a line begins with", lineWords, lineSynonyms)
}
