package proxy

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/stretchr/testify/require"

	"faultlab/sim/param"
)

func TestEveryKindIsDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		require.False(t, seen[k.Name], k.Name)
		seen[k.Name] = true
		require.NotEmpty(t, k.Doc, k.Name)
		require.NotEmpty(t, k.Effect, k.Name)
		for _, p := range k.Attrs {
			require.NotEmpty(t, p.Doc, "%s %s", k.Name, p.Name)
			require.NotNil(t, p.Max, "%s %s has no upper bound", k.Name, p.Name)
		}
	}
	require.Len(t, seen, 16)
}

func TestPrepareRefusesWhatWouldCrash(t *testing.T) {
	huge := strconv.Itoa(math.MaxInt)
	for _, tc := range []struct {
		kind  string
		attrs attrs
		says  string
	}{
		{"bandwidth", nil, "rate: is required"},
		{"bandwidth", attrs{"rate": "0"}, "rate: 0 is too low"},
		{"bandwidth", attrs{"rate": "-1"}, "rate: -1 is too low"},
		{"bandwidth", attrs{"rate": huge}, "too high"},
		{"bandwidth", attrs{"rate": "1.5"}, "no whole number"},
		{"slicer", nil, "average_size: is required"},
		{"slicer", attrs{"average_size": "0"}, "too low"},
		{"slicer", attrs{"average_size": huge}, "too high"},
		{"slicer", attrs{"average_size": "5", "size_variation": "5"}, "less than average_size=5"},
		{"slicer", attrs{"average_size": "5", "size_variation": "-1"}, "too low"},
		{"slicer", attrs{"average_size": "5", "delay": "-1us"}, "too low"},
		{"slicer", attrs{"average_size": "5", "delay": "1ns"}, "multiple of 1µs"},
		{"limit_data", nil, "bytes: is required"},
		{"limit_data", attrs{"bytes": "-1"}, "too low"},
		{"limit_data", attrs{"bytes": huge}, "too high"},
		{"latency", nil, "latency: is required"},
		{"latency", attrs{"latency": "-1ms"}, "too low"},
		{"latency", attrs{"latency": "100000h"}, "too high"},
		{"latency", attrs{"latency": "80"}, "no duration"},
		{"latency", attrs{"latency": "1ms", "jitter": "-1ms"}, "too low"},
		{"latency", attrs{"latency": "1ms", "jitter": "1us"}, "multiple of 1ms"},
		{"timeout", attrs{"timeout": "500us"}, "multiple of 1ms"},
		{"timeout", attrs{"timeout": "-1s"}, "too low"},
		{"slow_close", nil, "delay: is required"},
		{"slow_close", attrs{"delay": "-1s"}, "too low"},
		{"reset_peer", attrs{"timeout": "-1s"}, "too low"},
		{Hold, attrs{"rate": "1"}, "rate: unknown"},
		{"restart", nil, "unknown link fault"},
	} {
		list := make(param.List, 0, len(tc.attrs))
		for name := range tc.attrs { // values that nobody has checked before
			list = append(list, param.Param{Name: name, Default: ""})
		}
		v, err := list.Parse(tc.attrs)
		require.NoError(t, err)
		_, err = Prepare(Fault{Kind: tc.kind, Upstream: true, Values: v})
		require.ErrorContains(t, err, tc.says, "%s %v", tc.kind, tc.attrs)
	}
}

func TestPrepareAsksForADirection(t *testing.T) {
	_, err := Prepare(Fault{Kind: Hold})
	require.ErrorContains(t, err, "no direction")
	_, err = Prepare(Fault{Kind: Down, Upstream: true})
	require.ErrorContains(t, err, "as a whole")
	_, err = Prepare(Fault{Kind: Down})
	require.NoError(t, err)
}

func TestEffectIsPrinted(t *testing.T) {
	e := Effect{Connections: 3, Chunks: 17, Bytes: 1204}
	require.Equal(t, "3 connections, 17 chunks, 1204 bytes", e.String())
	e.Add(Effect{Refused: 1})
	require.Equal(t, "3 connections, 17 chunks, 1204 bytes, 1 refused dial", e.String())
	require.Equal(t, "1 connection, 1 chunk, 1 byte", Effect{Connections: 1, Chunks: 1, Bytes: 1}.String())
	require.Empty(t, Effect{}.String())
}

// Even what no check has seen must not crash a toxic of ours.
func TestToxicsStandAnyAttributes(t *testing.T) {
	for _, text := range []string{
		`{"average_size":0,"size_variation":0}`,
		`{"average_size":-9223372036854775808,"size_variation":9223372036854775807,"delay":-9223372036854775808}`,
		`{"average_size":9223372036854775807,"size_variation":9223372036854775807}`,
		`{"latency":9223372036854775807,"jitter":9223372036854775807}`,
		`{"latency":-9223372036854775808,"jitter":-9223372036854775808}`,
		`{"timeout":-9223372036854775808}`,
		`{}`,
	} {
		for _, toxic := range []toxics.Toxic{new(slicer), new(latency), new(resetPeer), new(hold), new(blackhole), new(drop), new(meter)} {
			require.NoError(t, json.Unmarshal([]byte(text), toxic))
			synctest.Test(t, func(t *testing.T) {
				in, out := make(chan *stream.StreamChunk), make(chan *stream.StreamChunk)
				stub := toxics.NewToxicStub(in, out)
				stub.State = toxic.(toxics.StatefulToxic).NewState()
				go stub.Run(&toxics.ToxicWrapper{Toxic: toxic, Toxicity: 1})
				in <- &stream.StreamChunk{Data: []byte(strings.Repeat("x", 50))}
				close(in)
				var ended bool
				for wait := time.After(1000 * time.Hour); !ended; {
					select {
					case c := <-out:
						ended = c == nil
					case <-wait:
						ended = true
					}
				}
				if stub.InterruptToxic() {
					stub.Close()
				}
			})
		}
	}
}

func TestAnUnknownUseIsRefused(t *testing.T) {
	require.ErrorContains(t, json.Unmarshal([]byte(`{"use":-1}`), new(latency)), "no fault is being put in place")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"use":"x"}`), new(latency)), "no number")
}

func FuzzToxicRequest(f *testing.F) {
	f.Add([]byte(`{"type":"slicer","attributes":{"average_size":10,"size_variation":9}}`), "x")
	f.Add([]byte(`{"type":"latency","stream":"upstream","attributes":{"latency":80,"jitter":20}}`), strings.Repeat("x", 100))
	f.Add([]byte(`{"type":"bandwidth","attributes":{"rate":1}}`), "")
	f.Add([]byte(`{"type":"slow_close","attributes":{"delay":1e9}}`), "")
	f.Fuzz(func(t *testing.T, body []byte, data string) {
		toxic, err := readToxic(body)
		if err != nil {
			return
		}
		switch made := toxic.made.(type) {
		case *bandwidth:
			require.Positive(t, made.Rate.n.Load())
		case *slicer:
			average, variation := made.AverageSize.size(1), made.SizeVariation.size(0)
			require.Less(t, variation, average)
			var all string
			for _, p := range made.NewState().(*flow).cut([]byte(data), average, variation) {
				require.True(t, len(p) > 0 || len(data) == 0, "an empty piece")
				all += string(p)
			}
			require.Equal(t, data, all)
		default:
			for name, n := range toxic.Attributes {
				require.GreaterOrEqual(t, n, int64(0), name)
				require.LessOrEqual(t, n, int64(largest), name)
			}
		}
		text, err := json.Marshal(toxic)
		require.NoError(t, err)
		again, err := readToxic(text)
		require.NoError(t, err)
		require.Equal(t, toxic.Attributes, again.Attributes)
	})
}

// streamKinds lists the faults that act on streams.
func streamKinds() []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return !k.Streams() })
}
