package explain

import (
	"fmt"
	"slices"
	"strings"

	"faultlab/sim/history"
)

// send tells of a message that was sent, and of what became of it.
func (t *teller) send(place int) {
	h, ok := t.hop(place)
	if !ok {
		return
	}
	h.Again = h.Again || t.repeats(h)
	to := ""
	if h.To != "" {
		to = " " + h.To
	}
	sent, noun := "sent "+it, it
	switch {
	// An answer is called by its own name where it has one.
	case h.Answer && t.Events[place].Op == "ACK":
		sent, noun = "sent"+to+" the ACK of "+it, "it"
	case h.Answer && h.Again:
		sent, noun = "answered"+to+about+" again", "the answer"
	case h.Answer:
		sent, noun = "answered"+to+about, "the answer"
	default:
		if h.Again {
			sent += " again"
		}
		if to != "" {
			sent += " to" + to
		}
	}
	if h.Recv != None {
		t.arrived(h, sent)
		return
	}
	w, ok := t.lostTo(h, t.wentOn(h, t.thread))
	// A lab need not record what its nodes receive, nor where an answer goes:
	// then nothing tells.
	if h.To != "" && !t.hears[h.To] || !ok && (h.To == "" || h.Answer && t.answered(place)) {
		t.add(place, aside, "", "%s %s", h.From, sent)
		return
	}
	if !ok {
		l := t.add(place, telling, "", "%s %s, %s", h.From, sent, t.untaken(h, noun))
		l.again = h.Again
		return
	}
	l := t.add(place, turning, w.ID, "%s %s, and %s", h.From, sent, lost(w, h, noun))
	l.again = h.Again
}

// repeats reports whether the node has sent the same before under another name,
// as in a stream that it opened anew.
func (t *teller) repeats(h Hop) bool {
	e := t.Events[h.Send]
	return !h.Answer && slices.ContainsFunc(t.thread, func(p int) bool {
		o := t.Events[p]
		return p < h.Send && o.Kind == history.Send && o.Node == e.Node && o.Op == e.Op && o.Link == e.Link && !strings.HasPrefix(o.Msg, answer)
	})
}

// answered reports whether the client had its answer after all. Of an answer
// that comes in parts, as a stream does, the history has no one Recv.
func (t *teller) answered(place int) bool {
	return slices.ContainsFunc(t.thread, func(p int) bool { return p > place && t.Events[p].Kind == history.OK })
}

// arrived tells of a message that came: whole and in time, or not.
func (t *teller) arrived(h Hop, sent string) {
	var l *Line
	if part, ok := t.maimed(h); ok {
		l = t.add(h.Send, turning, part.ID, "%s %s, through “%s”", h.From, sent, part.Name())
	} else if late, ok := t.held(h); ok {
		l = t.add(h.Send, telling, late.ID, "%s %s, where it came %s later, through “%s”", h.From, sent,
			span(t.Events[h.Recv].T-t.Events[h.Send].T), late.Name())
	} else if h.Again {
		l = t.add(h.Send, useful, "", "%s %s", h.From, sent)
	} else {
		l = t.add(h.Send, aside, "", "%s %s", h.From, sent)
	}
	l.again = h.Again
}

// untaken says that a message never came though no fault met it, and what the
// node did that should have taken it.
func (t *teller) untaken(h Hop, noun string) string {
	if h.Answer {
		return "and " + noun + " never came"
	}
	for place := h.Send - 1; place >= 0; place-- {
		e := t.Events[place]
		if e.Node != h.To || e.Kind == history.Print {
			continue
		}
		if e.Kind == history.Accept {
			from, _, _ := strings.Cut(e.Detail, ":")
			return fmt.Sprintf("which never took %s: at %s it had turned to a connection from %s", noun, span(e.T), from)
		}
		break
	}
	return "which never took " + noun
}

// lost says how a fault took a message.
func lost(w Window, h Hop, noun string) string {
	switch {
	case w.Node != "" && w.kills():
		return fmt.Sprintf("%s was lost when %s", noun, w.did())
	case w.Fault == "pause":
		return fmt.Sprintf("%s was paused", w.Node)
	case w.Fault == "overload":
		return fmt.Sprintf("%s, overloaded, turned %s away", w.Node, noun)
	case w.Fault == "loss", w.Fault == "drop":
		return fmt.Sprintf("“%s” took %s", w.Name(), noun)
	case w.Fault == "corrupt", w.Fault == "truncate":
		return fmt.Sprintf("“%s” damaged %s", w.Name(), noun)
	case !w.destroys():
		return fmt.Sprintf("“%s” held %s back until %s had gone on without it", w.Name(), noun, waiting(h))
	}
	return fmt.Sprintf("“%s” cut %s", w.Name(), noun)
}

// waiting is the node that waits for what a message brings: the answer to it,
// or the answer that it is.
func waiting(h Hop) string {
	if h.Answer && h.To != "" {
		return h.To
	}
	return h.From
}
