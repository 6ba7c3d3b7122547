package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Words that people bring along from elsewhere, and what to write here. The
// first word of what to write is one of the language or of the vocabulary; if
// the vocabulary at hand lacks it, it is not suggested.
var (
	lineSynonyms = map[string]string{
		"after": "at", "wait": "at", "sleep": "at", "once": "when", "on": "when", "upon": "when", "if": "when",
		"repeat": "every", "each": "every", "assert": "expect", "expects": "expect", "require": "expect",
		"lab": "system", "load": "workload", "params": "workload", "random": "seed", "timeout": "settle",
	}
	faultSynonyms = map[string]string{
		"restart": "kill NODE for DURATION", "crash": "kill", "sigkill": "kill", "terminate": "stop", "shutdown": "stop",
		"sigterm": "stop", "freeze": "pause", "suspend": "pause", "sigstop": "pause", "clock": "skew", "drift": "skew",
		"busy": "overload", "503": "overload", "unavailable": "overload",
		"poweroff": "powercut", "power": "powercut", "blackout": "powercut", "torn": "tear", "diskfull": "enospc",
		"full": "enospc", "ioerror": "eio", "fsync": "syncfail",
		"delay": "latency", "lag": "latency", "slow": "latency", "throttle": "bandwidth", "rate": "bandwidth",
		"disconnect": "down", "disable": "down", "refuse": "down", "reset": "reset_peer", "rst": "reset_peer",
		"slice": "slicer", "fragment": "slicer", "limit": "limit_data", "cut": "down", "hang": "blackhole",
		"halfopen": "blackhole", "block": "hold", "split": "partition A | B", "netsplit": "partition A | B",
		"isolate": "partition A | B", "lose": "drop", "dup": "duplicate", "shuffle": "reorder", "flip": "corrupt",
	}
	verbSynonyms = map[string]string{
		"writes": "stores", "saves": "stores", "appends": "stores", "gets": "receives", "handles": "receives",
		"posts": "sends", "emits": "sends", "boots": "starts", "restarts": "starts", "connects": "accepts", "chooses": "decides",
	}
	expectSynonyms = map[string]string{
		"keeps": "holds", "passes": "holds", "satisfies": "holds", "fails": "violates", "breaks": "violates",
	}
	propertySynonyms = map[string]string{
		"loss": "no-loss", "lossless": "no-loss", "durable": "no-loss", "duplicates": "no-duplicates",
		"no-dups": "no-duplicates", "exactly-once": "no-duplicates", "order": "fifo", "ordered": "fifo", "in-order": "fifo",
		"phantoms": "no-phantoms", "linearisable": "linearizable", "consistent": "agreement", "liveness": "live",
		"delivery": "delivered",
	}
	directionSynonyms = map[string]string{
		"up": "upstream", "request": "upstream", "requests": "upstream", "forward": "upstream",
		"response": "downstream", "responses": "downstream", "reply": "downstream", "replies": "downstream", "back": "downstream",
	}
)

// meant finds what was probably meant by a word: what stands for it among the
// synonyms, or a known word that is nearly spelt like it.
func meant(text string, known []string, synonyms map[string]string) (write string, found bool) {
	if phrase, ok := synonyms[strings.ToLower(text)]; ok {
		first, _, _ := strings.Cut(phrase, " ")
		if slices.Contains(known, first) {
			return phrase, true
		}
	}
	return Nearest(text, known)
}

// manyWords is from how many words on a list helps less than a suggestion.
const manyWords = 8

// unknown reports a word that is none of the known ones. whose ends the
// sentence that lists them: "this system has", "known are".
func (m *mistakes) unknown(w word, what, whose string, known []string, synonyms map[string]string) {
	write, found := meant(w.text, known, synonyms)
	msg := fmt.Sprintf("unknown %s %s", what, quote(w.text))
	switch {
	case len(known) == 0:
		msg += "; " + whose + " none"
	case !found || len(known) <= manyWords:
		msg += "; " + whose + " " + list(known)
	}
	if found {
		msg += " (did you mean " + write + "?)"
	}
	m.add(w.pos, "%s", msg)
}

func list(names []string) string { return strings.Join(slices.Sorted(slices.Values(names)), ", ") }

// quote shows a word of a script in a message, the beginning of it if it is
// long.
func quote(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return strconv.Quote(string(r[:most])) + "…"
	}
	return strconv.Quote(text)
}
