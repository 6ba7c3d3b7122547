package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"faultlab/sim/history"
	"faultlab/sim/lab"
	"faultlab/sim/lab/journal"
)

// book is what stands on a person's screen, on disk: own lines and the other's in
// one journal, in the order in which they were shown. It is three things at once,
// which a crash therefore cannot set at odds:
//
//	the screen  a line is shown because it stands here, and not before; a program
//	            that starts again shows all of them again
//	the outbox  own lines stand here before anybody is told of them
//	the inbox   the last line of a sender that stands here is the last one taken
//
// Causal order comes with it. An own line stands behind all that its writer had
// seen; it is sent after that, and lines of one sender go one by one. So a line is
// shown nowhere before what its writer had seen.
//
// Lamport's stamp says so of any two lines by itself: it is greater than that of
// every line that stood on the writer's screen. Two screens may show two lines
// that crossed in either order; by (stamp, sender) both are one conversation.
type book struct {
	life   context.Context // of the program; it outlives a stop until all is written
	screen *screen
	opened chan struct{} // closed when the journal has been read, or could not be
	failed error         // why it could not

	lock    *lab.Mutex // guards what follows; held while a line is written
	journal *journal.Journal
	epoch   int64
	said    int64             // number of the last own line of this life
	has     map[string]number // the last line of each sender
	stamp   int64             // the greatest there is

	more chan struct{} // holds a token if an own line was added
}

func newBook(life context.Context, s *screen) *book {
	return &book{
		life: life, screen: s, opened: make(chan struct{}),
		lock: lab.NewMutex(), has: map[string]number{}, more: make(chan struct{}, 1),
	}
}

// linesFile is the journal of a person's lines.
func linesFile(person string) string { return "lines-" + person + ".journal" }

// open reads the book and shows what stands in it.
func (b *book) open() {
	defer close(b.opened)
	if b.epoch, b.failed = countLife(b.life, b.screen.env, b.screen.person); b.failed == nil {
		b.failed = b.recover()
	}
}

func (b *book) recover() error {
	file := linesFile(b.screen.person)
	j, records, err := journal.Open(b.life, b.screen.env, file)
	if err != nil {
		return err
	}
	for _, record := range records {
		l, err := parseLine(file, record)
		if err != nil {
			return err
		}
		b.note(l)
		b.show(l, false)
	}
	b.journal = j
	return nil
}

func parseLine(file string, record []byte) (l line, err error) {
	if err := json.Unmarshal(record, &l); err != nil {
		return line{}, fmt.Errorf("read %s: %q is no line; move the file away to begin a new one: %w", file, record, err)
	}
	return l, nil
}

// await waits until the book is open, and says why if it cannot be.
func (b *book) await(ctx context.Context) error {
	select {
	case <-b.opened:
	case <-ctx.Done():
	}
	// Where both are ready the select chose by lot.
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.failed
}

// isOpen reports whether the book is open.
func (b *book) isOpen() bool {
	select {
	case <-b.opened:
		return b.failed == nil
	default:
		return false
	}
}

// note takes notice of a line that stands in the journal.
func (b *book) note(l line) {
	b.stamp = max(b.stamp, l.Stamp)
	if l.number.after(b.has[l.Sender]) {
		b.has[l.Sender] = l.number
	}
}

func (b *book) show(l line, typed bool) {
	if b.own(l) {
		b.screen.own(l.Time, harmless(l.Text), typed)
	} else {
		b.screen.other(harmless(l.Time), harmless(l.Sender), harmless(l.Text))
	}
}

// harmless is a text without characters that do something to a terminal: a line
// with an end of line in it would be two, and the second anybody's.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func (b *book) own(l line) bool { return l.Sender == called(b.screen.person) }

// say writes an own line and shows it.
func (b *book) say(to, text string) error {
	b.lock.Lock()
	defer b.lock.Unlock()
	l := line{
		number: number{b.epoch, b.said + 1},
		Sender: called(b.screen.person), To: to, Stamp: b.stamp + 1, Time: b.screen.clock(), Text: text,
	}
	if err := b.write(l); err != nil {
		return err
	}
	b.said++
	select {
	case b.more <- struct{}{}:
	default:
	}
	return nil
}

// receive writes a line of the other and shows it, unless it stands here already.
// It returns the last one of that sender which does.
func (b *book) receive(l line) (number, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	has := b.has[l.Sender]
	// The document's own program numbers nothing: a line that it sends again is
	// another one.
	fresh := l.number == number{} || l.number.after(has)
	e := about(l.Text)
	e.Kind, e.Op, e.ID = history.Decide, opSay, l.id()
	e.Detail = fmt.Sprintf("%s after %s = %t → %s", l.number, has, fresh, map[bool]string{true: "show", false: "skip"}[fresh])
	b.screen.env.Record(e)
	if !fresh {
		return has, nil
	}
	if err := b.write(l); err != nil {
		return has, err
	}
	return b.has[l.Sender], nil
}

// write adds a line; b.lock is held. It does not end with the call that brought
// the line: what is under way must come to an end that is known.
func (b *book) write(l line) error {
	text, err := json.Marshal(l)
	if err != nil {
		panic(fmt.Sprintf("chat: a line that is no JSON: %v", err))
	}
	if err := b.journal.Append(b.life, text); err != nil {
		return err
	}
	b.note(l)
	e := about(l.Text)
	e.Kind, e.Op, e.ID = history.Store, opSay, l.id()
	b.screen.env.Record(e)
	b.show(l, true)
	return nil
}

// end is the place behind the last line. It waits for one that is being written:
// who looks from outside finds that in the file, and on the screen then.
func (b *book) end() int64 {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.journal.Size()
}

// read gives the line at a place in the journal, the first at 0, and the next
// place; io.EOF at the end. The book itself holds no lines: one who writes to
// somebody that does not come back would fill the memory.
func (b *book) read(at int64) (l line, next int64, err error) {
	entries, err := b.journal.From(at, 1)
	if err == nil && len(entries) == 0 {
		err = io.EOF
	}
	if err == nil {
		l, err = parseLine(linesFile(b.screen.person), entries[0].Record)
	}
	if err != nil {
		return line{}, at, err
	}
	return l, entries[0].End, nil
}
