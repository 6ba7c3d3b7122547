package page

import (
	"fmt"
	"math"

	"faultlab/sim/history"
)

// GapY is where the sign stands that time was left out above a tick.
func (t tick) GapY() float64 { return t.Y - rowHeight/2 }

// Head is an arrow's head, at its end.
func (a arrow) Head() string { return head(a.X1, a.Y1, a.X2, a.Y2) }

// Cross ends a message that was lost.
func (a arrow) Cross() string {
	return fmt.Sprintf("M%.1f %.1fl12 12m0 -12l-12 12", a.X2-6, a.Y2-6)
}

// Sign is what stands for the mark, around 0 0; the diagram of all messages has
// the same.
func (m mark) Sign() string {
	switch m.Kind {
	case string(history.Decide):
		return "M0 -8l8 8l-8 8l-8 -8z"
	case string(history.Invoke):
		return "M-5 -6l11 6l-11 6z"
	case string(history.OK), string(history.Fail), string(history.Info):
		return "M5 -6l-11 6l11 6z"
	case string(history.Fault):
		return "M-6 -6l12 12m0 -12l-12 12"
	}
	return "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z"
}

// head is a triangle at the second point, away from the first.
func head(x1, y1, x2, y2 float64) string {
	const length, width = 10, 4.5
	away := math.Hypot(x2-x1, y2-y1)
	if away == 0 {
		return ""
	}
	dx, dy := (x2-x1)/away, (y2-y1)/away
	bx, by := x2-dx*length, y2-dy*length
	return fmt.Sprintf("M%.1f %.1fL%.1f %.1fL%.1f %.1fz", x2, y2, bx-dy*width, by+dx*width, bx+dy*width, by-dx*width)
}

// Path is the way of a link: straight, or round whatever stands between two
// hosts of one layer.
func (l link) Path() string {
	if l.Bend == 0 {
		return fmt.Sprintf("M%.1f %.1fL%.1f %.1f", l.X1, l.Y1, l.X2, l.Y2)
	}
	return fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", l.X1, l.Y1, l.X1+l.Bend, l.Y1, l.X2+l.Bend, l.Y2, l.X2, l.Y2)
}

// Head is at the service's end of a link.
func (l link) Head() string {
	if l.Bend == 0 {
		return head(l.X1, l.Y1, l.X2, l.Y2)
	}
	return head(l.X2+l.Bend, l.Y2, l.X2, l.Y2)
}

// Title says whether the host's name tells more than that of its node.
func (h host) Title() bool { return len(h.Nodes) > 1 || h.Nodes[0].Name != h.Name }

// Middle and TitleY are where a host's name stands.
func (h host) Middle() float64 { return h.X + h.Width/2 }

// TitleY is the line of a host's name.
func (h host) TitleY() float64 { return h.Y + 15 }

// Left and Top are the corner of a node's box.
func (b box) Left() float64 { return b.X - boxWidth/2 }

// NameY is the line of its name, which gives way to its faults.
func (b box) NameY() float64 {
	if b.Keys == "" {
		return b.Y + 4
	}
	return b.Y - 2
}

// Top is its upper side.
func (b box) Top() float64 { return b.Y - boxHeight/2 }
