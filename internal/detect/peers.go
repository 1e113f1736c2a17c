package detect

import "math/bits"

// peerBuckets is the number of buckets of the histogram: 8 for each power of two up to 2³².
const peerBuckets = 256

// peerCounts learns what networks send in a minute, from the counts of those whose minute is over. Two minutes are
// kept: the one being closed and the one before, which is what Peers speaks of until the next has enough.
type peerCounts struct {
	Minute  uint32
	Active  uint32 // networks counted for Minute
	Buckets [peerBuckets]uint32
	Known   Peers
}

// close takes the count that one network reached in a minute that is over.
func (p *peerCounts) close(minute, count uint32) {
	if minute > p.Minute {
		p.turn(minute)
	}
	if minute == p.Minute {
		p.Active++
		p.Buckets[bucket(count)]++
	}
}

func (p *peerCounts) turn(minute uint32) {
	if p.Active > 0 {
		p.Known = Peers{Active: uint64(p.Active), Q50: p.quantile(0.5), Q95: p.quantile(0.95)}
	}
	p.Minute, p.Active, p.Buckets = minute, 0, [peerBuckets]uint32{}
}

// quantile is the upper bound of the bucket that holds the q-th of the counts: at most 12.5 % above the true one.
func (p *peerCounts) quantile(q float64) float64 {
	want, seen := q*float64(p.Active), 0.0
	for i, n := range p.Buckets {
		if seen += float64(n); seen >= want {
			return float64(bucketTop(i))
		}
	}
	return 0
}

// bucket numbers counts so that 0–7 have one each and every further power of two has eight.
func bucket(n uint32) int {
	if n < 8 {
		return int(n)
	}
	exp := bits.Len32(n) - 4
	return min(exp*8+int(n>>exp), peerBuckets-1)
}

func bucketTop(i int) uint64 {
	if i < 16 {
		return uint64(i)
	}
	exp := i/8 - 1
	return uint64(i-exp*8+1)<<exp - 1
}
