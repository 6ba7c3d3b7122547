package check_test

import (
	"slices"

	"faultlab/sim/history"
)

// evidence is why an entry is taken for an operation, the strongest first.
type evidence int

const (
	number evidence = iota
	valueAndID
	value
	id
	noEvidence
)

// evidence for entry i being operation k.
func (o *oracle) evidence(i, k int) evidence {
	e, in := o.log[i], o.events[o.ops[k].invoke]
	sameValue := e.Value != "" && e.Value == in.Value
	sameID := e.ID != "" && e.ID == o.id(k)
	switch {
	case e.Source != in.Source || !o.leaves(k):
		return noEvidence
	case e.Seq > 0 && e.Seq == in.Seq:
		return number
	case e.Seq > 0:
		return noEvidence
	case sameValue && sameID:
		return valueAndID
	case sameValue:
		return value
	case sameID:
		return id
	}
	return noEvidence
}

// explain finds the best explanation of each log.
func (o *oracle) explain() {
	o.of = make([]int, len(o.log))
	for _, log := range o.logs() {
		var places []int
		for i, e := range o.log {
			if e.Node == log {
				places = append(places, i)
			}
		}
		for j, k := range o.best(places) {
			o.of[places[j]] = k
		}
	}
}

// best explains the entries of one log, which stand at these places, by trying
// all explanations that go by the strongest evidence that each entry has.
func (o *oracle) best(places []int) []int {
	candidates := make([][]int, len(places))
	strength := make([]evidence, len(places))
	for i, place := range places {
		strength[i] = noEvidence
		for k := range o.ops {
			strength[i] = min(strength[i], o.evidence(place, k))
		}
		for k := range o.ops {
			if strength[i] < noEvidence && o.evidence(place, k) == strength[i] {
				candidates[i] = append(candidates[i], k)
			}
		}
		if len(candidates[i]) == 0 {
			candidates[i] = []int{-1}
		}
	}
	of := make([]int, len(places))
	var best, bestScore []int
	var try func(int)
	try = func(i int) {
		if i < len(of) {
			for _, k := range candidates[i] {
				of[i] = k
				try(i + 1)
			}
			return
		}
		if score := o.score(of, strength, o.log[places[0]].Node); best == nil || slices.Compare(score, bestScore) > 0 {
			best, bestScore = slices.Clone(of), score
		}
	}
	try(0)
	return best
}

// score ranks an explanation: the first number that differs decides. One kind
// of evidence after the other, as many operations as possible are there, of
// those alike rather those that belong in the log, of them rather the
// acknowledged ones than the failed ones, and the earlier invoked has the
// earlier entry.
func (o *oracle) score(of []int, strength []evidence, log string) []int {
	// first is the first entry of op k with such evidence.
	first := func(k int, worst evidence) int {
		for i := range of {
			if of[i] == k && strength[i] <= worst {
				return i
			}
		}
		return len(of)
	}
	var score []int
	for worst := number; worst < noEvidence; worst++ {
		var there, addressed, ok, notFailed int
		for k := range o.ops {
			if first(k, worst) == len(of) {
				continue
			}
			there++
			if to, told := o.to(k); !told || slices.Contains(to, log) {
				addressed++
			}
			if o.kind(k) == history.OK {
				ok++
			}
			if o.kind(k) != history.Fail {
				notFailed++
			}
		}
		score = append(score, there, addressed, ok, notFailed)
		for k := range o.ops {
			if first(k, worst-1) == len(of) {
				score = append(score, -first(k, worst))
			}
		}
	}
	for _, k := range of {
		score = append(score, -k) // a copy is one of the first that it can be
	}
	return score
}
