package chat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"faultlab/sim/lab"
)

// screen is what a person has before them, and what they have not yet reacted to.
type screen struct {
	env    lab.Env
	person string

	lock *lab.Mutex    // guards news
	news []string      // lines of the other that were shown since the person last spoke: source/seq
	lit  chan struct{} // holds a token if a line of the other was shown
}

func newScreen(env lab.Env, person string) *screen {
	return &screen{env: env, person: person, lock: lab.NewMutex(), lit: make(chan struct{}, 1)}
}

// The document's colours, which only a terminal can show.
const (
	green  = "\x1b[1;32m" // oneself
	cyan   = "\x1b[1;36m" // the other
	blue   = "\x1b[1;94m" // the program
	plain  = "\x1b[0m"
	retake = "\x1b[1A\x1b[2K" // the line that was typed is written anew
)

func (s *screen) paint(colour, text string) string {
	if s.env.Terminal() == nil {
		return text
	}
	return colour + text + plain
}

// print shows a word of the program.
func (s *screen) print(format string, args ...any) {
	s.env.Printf("%s", s.paint(blue, fmt.Sprintf(format, args...)))
}

// welcome is what a program says when it has found the other.
func (s *screen) welcome(other string) {
	s.print("Welcome, %s. You are chatting with %s.", called(s.person), other)
}

// own shows a line of the person's own; one that was just typed in the place of
// what they see of that.
func (s *screen) own(at, text string, typed bool) {
	head := s.paint(green, shown(at, called(s.person)))
	if typed && s.env.Terminal() != nil {
		head = retake + head
	}
	s.env.Printf("%s %s", head, text)
}

// other shows a line of the other.
func (s *screen) other(at, sender, text string) {
	s.env.Printf("%s %s", s.paint(cyan, shown(at, sender)), text)
	if line := about(text); line.Seq > 0 && s.env.Terminal() == nil {
		s.lock.Lock()
		s.news = append(s.news, fmt.Sprintf("%s/%d", line.Source, line.Seq))
		s.lock.Unlock()
	}
	select {
	case s.lit <- struct{}{}:
	default:
	}
}

// shown is the head of a line.
func shown(at, sender string) string { return fmt.Sprintf("[%s] %s>", at, sender) }

// readLine finds the text in a line of a console; ok is false for what is no
// line that anybody said.
func readLine(line string) (text string, ok bool) {
	if len(line) < len("[17:28] ") || line[0] != '[' {
		return "", false
	}
	_, text, ok = strings.Cut(line[len("[17:28] "):], "> ")
	return text, ok
}

// seen gives the news, and forgets them.
func (s *screen) seen() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	news := s.news
	s.news = nil
	return news
}

// awaitNews waits until a line of the other is shown that was not waited for
// before, at most for that long.
func (s *screen) awaitNews(ctx context.Context, most time.Duration) {
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case <-s.lit:
	case <-late.C:
	case <-ctx.Done():
	}
	// Where both are ready the select chose by lot: the token is taken in any case.
	select {
	case <-s.lit:
	default:
	}
}

// clock gives the time as lines bear it. The workload's is that of Greenwich: a
// replay shows the same wherever it runs.
func (s *screen) clock() string {
	now := s.env.Now()
	if s.env.Terminal() == nil {
		now = now.UTC()
	}
	return now.Format("15:04") // TIME_FORMAT
}
