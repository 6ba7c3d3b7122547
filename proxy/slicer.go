package proxy

import (
	"fmt"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"

	"faultlab/sim/param"
)

func slicerKind() Kind {
	return Kind{
		Name: "slicer",
		Attrs: param.List{
			{Name: "average_size", Default: 0, Required: true, Min: 1, Max: thickest, Doc: "Bytes of a piece, on average."},
			{Name: "size_variation", Default: 0, Max: thickest, Doc: "How many bytes more or less a piece may have; less than average_size."},
			{Name: "delay", Default: time.Duration(0), Max: longest, Doc: "Time between two pieces. Without any, the receiver may find them joined again."},
		},
		Check:  checkSlicer,
		Doc:    "Bytes arrive in small pieces. A reader that takes one read for one message reads a part of it.",
		Effect: "bytes ran into it",
		unit:   time.Microsecond,
		toxic: func(v param.Values) toxics.Toxic {
			s := new(slicer)
			s.AverageSize.n.Store(int64(v.Int("average_size")))
			s.SizeVariation.n.Store(int64(v.Int("size_variation")))
			s.Delay.n.Store(v.Duration("delay").Microseconds())
			return s
		},
	}
}

func checkSlicer(v param.Values) error {
	average, variation := v.Int("average_size"), v.Int("size_variation")
	if variation >= average {
		return &param.Error{Name: "size_variation", Err: fmt.Errorf("%d is too high; it must be less than average_size=%d", variation, average)}
	}
	return whole(time.Microsecond, "delay")(v)
}

// slicer is Toxiproxy's toxic of that name, but for two things: its sizes are
// drawn from the fault's seed, and no attribute can make it recurse for ever.
type slicer struct {
	AverageSize   attribute `json:"average_size"`
	SizeVariation attribute `json:"size_variation"`
	Delay         attribute `json:"delay"` // microseconds
	own
}

// Pipe implements toxics.Toxic.
func (s *slicer) Pipe(stub *toxics.ToxicStub) { stub.State.(*flow).run(stub, s) }

func (s *slicer) take(f *flow, c *stream.StreamChunk) {
	if c == nil {
		f.put(piece{})
		return
	}
	f.met(c)
	delay := s.Delay.times(time.Microsecond)
	if now := time.Now(); f.free.Before(now) {
		f.free = now
	}
	average := s.AverageSize.size(1)
	variation := min(s.SizeVariation.size(0), average-1)
	for _, data := range f.cut(c.Data, average, variation) {
		f.put(piece{chunk: &stream.StreamChunk{Data: data, Timestamp: c.Timestamp}, due: f.free})
		f.free = f.free.Add(delay)
	}
}

// cut halves the bytes, off the middle by a drawn variation, until the pieces
// are about as long as they should be: neither the first nor the last tends to
// be the short one. With variation < average both halves have a byte or more.
func (f *flow) cut(data []byte, average, variation int64) [][]byte {
	if int64(len(data)) <= average+variation {
		return [][]byte{data}
	}
	middle := int64(len(data) / 2)
	if variation > 0 {
		middle += int64(f.draw(2*uint64(variation))) - variation
	}
	return append(f.cut(data[:middle], average, variation), f.cut(data[middle:], average, variation)...)
}
