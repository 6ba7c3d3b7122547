package proxy

// draw hashes a seed, the name of a connection and a count to 64 well-mixed
// bits. The n-th draw on a connection is thus the same however many other
// connections drew before it.
func draw(seed uint64, name string, count uint64) uint64 {
	const prime = 1099511628211 // FNV-1a, 64 bit
	h := 14695981039346656037 ^ mix(seed)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * prime
	}
	return mix(h ^ mix(count+1))
}

// mix is the finalizer of splitmix64: FNV alone leaves the high bits poor.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
