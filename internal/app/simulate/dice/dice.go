// Package dice draws the random numbers of a simulation: every actor has dice of its own, made of the seed and the actor's
// name, so that one actor more or fewer changes nothing for the others. It is not for secrets.
package dice

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/zeebo/xxh3"
)

// Dice is a stream of random numbers. One goroutine owns it.
type Dice struct{ *rand.Rand }

// New makes the dice of one actor: the n-th of those with a name.
func New(seed uint64, name string, n int) Dice {
	return Dice{rand.New(rand.NewPCG(xxh3.HashStringSeed(name, seed), Mix(seed^uint64(n))))} //nolint:gosec // a simulation repeats itself on purpose
}

// Mix scatters the bits of a number (the finaliser of SplitMix64): what belongs to a number, such as the size of a product's
// page, is found again by mixing it and need not be stored.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Chance is true with probability p.
func (d Dice) Chance(p float64) bool { return d.Float64() < p }

// Between is a whole number from lo to hi, both included.
func (d Dice) Between(lo, hi int) int { return lo + d.IntN(max(hi-lo, 0)+1) }

// LogNormal is a draw around a median; sigma is the standard deviation of the logarithm.
func (d Dice) LogNormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*d.NormFloat64())
}

// Span is a log-normal time.
func (d Dice) Span(median time.Duration, sigma float64) time.Duration {
	return time.Duration(d.LogNormal(float64(median), sigma))
}

// Wait is an exponential time: until the next of things that happen independently of each other.
func (d Dice) Wait(mean time.Duration) time.Duration {
	return time.Duration(d.ExpFloat64() * float64(mean))
}

// Pareto is a heavy-tailed draw from least up to most.
func (d Dice) Pareto(least, alpha, most float64) float64 {
	return min(least*math.Pow(1-d.Float64(), -1/alpha), most)
}

// Rank is an index below n by Zipf's law with exponent one, approximately: the index is log-uniform, so that each of the
// ranges 1–9, 10–99, 100–999 is as likely as the next.
func (d Dice) Rank(n int) int {
	return min(int(math.Pow(float64(n+1), d.Float64()))-1, n-1)
}

// Normal is the standard normal draw that belongs to a number, good enough for sizes: the sum of four uniform parts.
func Normal(of uint64) float64 {
	x := Mix(of)
	sum := 0.0
	for range 4 {
		sum += float64(x & 0xffff)
		x >>= 16
	}
	const mean, deviation = 4 * 32767.5, 37837.2 // of the sum: 65536·√(4/12)
	return (sum - mean) / deviation
}

// Table is a choice between entries by weight.
type Table[T any] struct {
	entries []T
	upTo    []float64
}

// Entry is one entry of a table.
type Entry[T any] struct {
	Weight float64
	Value  T
}

// NewTable makes a table.
func NewTable[T any](entries ...Entry[T]) Table[T] {
	var t Table[T]
	sum := 0.0
	for _, e := range entries {
		sum += e.Weight
		t.entries = append(t.entries, e.Value)
		t.upTo = append(t.upTo, sum)
	}
	return t
}

// Draw chooses an entry.
func (t *Table[T]) Draw(d Dice) T {
	x := d.Float64() * t.upTo[len(t.upTo)-1]
	for i, upTo := range t.upTo {
		if x < upTo {
			return t.entries[i]
		}
	}
	return t.entries[len(t.entries)-1]
}
