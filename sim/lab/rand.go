package lab

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// Draw hashes a seed and a name to 64 well-mixed bits. Every random choice of
// a run is such a hash of what it is for: a value taken from a shared stream
// would depend on who came first.
func Draw(seed uint64, name ...string) uint64 {
	const prime = 1099511628211 // FNV-1a, 64 bit
	h := 14695981039346656037 ^ mix(seed)
	for _, part := range name {
		for i := 0; i < len(part); i++ {
			h = (h ^ uint64(part[i])) * prime
		}
		h = (h ^ 0xff) * prime // no part's end is another part's beginning
	}
	return mix(h)
}

// DrawTime draws a duration from [low, high).
func DrawTime(low, high time.Duration, seed uint64, name ...string) time.Duration {
	return low + time.Duration(Draw(seed, name...)%uint64(high-low))
}

// Rand gives the random source of that name.
func Rand(seed uint64, name ...string) *rand.Rand {
	h := Draw(seed, name...)
	return rand.New(rand.NewPCG(h, mix(h+1)))
}

// NodeSeed is the seed of all draws of one life of a node.
func NodeSeed(seed uint64, node string, incarnation int) uint64 {
	return Draw(seed, "node", node, strconv.Itoa(incarnation))
}

// mix is the finalizer of splitmix64: FNV alone leaves the high bits poor.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
