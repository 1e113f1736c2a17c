package sketch

import (
	"math"
	"math/bits"
)

// Resolution is how many counters Quantiles has.
type Resolution interface{ Coarse | Fine }

// The resolutions of Quantiles.
type (
	// Coarse is for many entities: 1 KiB. The error is 11.1 % at worst, and 3 % for values that span a factor of 2¹⁵.
	Coarse = [256]uint32
	// Fine is for few entities: 16 KiB. The error is 0.78 % at worst.
	Fine = [4096]uint32
)

// Quantiles summarises sizes and durations: whole numbers, in any unit. Values are counted in buckets that grow with them,
// as DDSketch does (Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
// guarantees", PVLDB 2019) with its linearly interpolated logarithm: a value's bucket is its exponent and the k bits after
// its leading one,
//
//	i = ⌊log2 v⌋·2^k + ⌊(v/2^⌊log2 v⌋ − 1)·2^k⌋,
//
// so that every value of a bucket is within α = 1/(2^(k+1)+1) of what stands for it, and so is any quantile. Where values
// spread over more buckets than there are, k falls by one and buckets join in pairs (as in Epicoco, Melle, Cafaro, Pulimeno
// and Morleo, "UDDSketch", IEEE Access 2020): the bound holds for all quantiles, not only for the upper ones. All 64-bit
// numbers together fit at k = 2 (Coarse) and k = 6 (Fine), so nobody can make the error grow beyond 1/9 and 1/129; k
// depends on the least and greatest value only, so the order of values and merges does not matter.
//
// Counts are halved when their sum passes 2³²−1. The zero value is empty.
type Quantiles[R Resolution] struct {
	Total   uint32 // values
	Zeros   uint32 // values that are 0, which has no logarithm
	Low     uint32 // the bucket that Buckets[0] counts
	Bits    uint32 // k
	Buckets R
}

// Add takes a value.
func (q *Quantiles[R]) Add(v uint64) { q.AddN(v, 1) }

// AddN takes a value that occurred n times.
func (q *Quantiles[R]) AddN(v uint64, n uint32) {
	if n == 0 {
		return
	}
	n = q.admit(n)
	if v == 0 {
		q.Zeros += n
		return
	}
	if q.Total-n == q.Zeros {
		q.begin(v)
	}
	q.put(v, n)
}

// Quantile is the value that a share p of all values do not exceed, to within Error: the ⌊p·(n−1)⌋-th in rising order. It
// is 0 when there are none.
func (q *Quantiles[R]) Quantile(p float64) float64 {
	if q.Total == 0 || !(p >= 0) {
		p = 0
	}
	rank := uint64(min(p, 1) * float64(max(q.Total, 1)-1))
	seen := uint64(q.Zeros)
	if rank < seen {
		return 0
	}
	for i := range len(q.Buckets) {
		if seen += uint64(q.Buckets[i]); rank < seen {
			return middle(q.Low+uint32(i), q.Bits)
		}
	}
	return 0
}

// Above is the share of the values that exceed v, without those that are in its bucket.
func (q *Quantiles[R]) Above(v uint64) float64 {
	if q.Total == 0 {
		return 0
	}
	above := uint64(q.Total)
	above -= uint64(q.Zeros)
	if v == 0 {
		return float64(above) / float64(q.Total)
	}
	last := int64(bucket(v, q.Bits)) - int64(q.Low)
	for i := range min(last+1, int64(len(q.Buckets))) {
		above -= uint64(q.Buckets[i])
	}
	return float64(above) / float64(q.Total)
}

// Error is how far a quantile may be from the true one, relative.
func (q *Quantiles[R]) Error() float64 { return 1 / float64(uint64(2)<<q.Bits+1) }

// Merge adds the other's values.
func (q *Quantiles[R]) Merge(o *Quantiles[R]) {
	from := *o
	for uint64(q.Total)+uint64(from.Total) > math.MaxUint32 {
		q.Halve()
		from.Halve()
	}
	q.Zeros += from.Zeros
	q.Total += from.Zeros
	switch {
	case from.Total == from.Zeros || !from.sound():
		return
	case q.Total == q.Zeros || !q.sound():
		q.Bits, q.Low = from.Bits, from.Low
	}
	for q.Bits > from.Bits {
		q.coarsen() // the other cannot tell its values apart any better
	}
	for i := range len(from.Buckets) {
		if v, n := least(from.Low+uint32(i), from.Bits), from.Buckets[i]; n > 0 && v > 0 {
			q.put(v, n)
			q.Total += n
		}
	}
}

// Halve forgets half of each count, so that what comes later weighs twice as much. What rounding takes from one bucket it
// gives to the next: no rank moves by more than one.
func (q *Quantiles[R]) Halve() {
	carry := q.Zeros & 1
	q.Zeros /= 2
	q.Total = q.Zeros
	for i := range len(q.Buckets) {
		n := uint64(q.Buckets[i]) + uint64(carry)
		q.Buckets[i], carry = uint32(n/2), uint32(n&1)
		q.Total += q.Buckets[i]
	}
}

// admit makes room for n more values in the sum, and says how many of them to count.
func (q *Quantiles[R]) admit(n uint32) uint32 {
	if uint64(q.Total)+uint64(n) > math.MaxUint32 {
		q.Halve()
		n = n/2 + n&1
	}
	q.Total += n
	return n
}

// put counts in a value's bucket.
func (q *Quantiles[R]) put(v uint64, n uint32) {
	i := bucket(v, q.Bits) - q.Low
	if i >= uint32(len(q.Buckets)) { // also when it is below
		q.reach(v)
		i = bucket(v, q.Bits) - q.Low
	}
	q.Buckets[i] += n
}

// begin places the buckets around the first value.
func (q *Quantiles[R]) begin(v uint64) {
	q.Bits = uint32(q.resolution()) - 1 // two powers of two
	q.place(int64(bucket(v, q.Bits)), 1)
}

// place puts the buckets so that n of them from low on are in the middle, without moving counts.
func (q *Quantiles[R]) place(low, n int64) {
	all := int64(len(q.Buckets))
	q.Low = uint32(min(max(low-(all-n)/2, 0), int64(64)<<q.Bits-all))
}

// reach moves the buckets, and makes them wider where that does not do, until v has one.
func (q *Quantiles[R]) reach(v uint64) {
	for {
		if !q.sound() {
			*q = Quantiles[R]{}
			q.begin(v)
		}
		low, high := q.occupied()
		at := int64(bucket(v, q.Bits))
		low, high = min(low, at), max(high, at)
		if n := high - low + 1; n <= int64(len(q.Buckets)) {
			q.move(low, n)
			return
		}
		q.coarsen()
	}
}

// sound tells that the buckets are where they may be. They always are, but in memory that was not written by this package.
func (q *Quantiles[R]) sound() bool {
	most := uint32(q.resolution()) - 1
	return q.Bits <= most && q.Bits+5 >= most && q.Low <= 64<<q.Bits
}

// move puts the n buckets from low on in the middle, so that growth on either side seldom moves them again.
func (q *Quantiles[R]) move(low, n int64) {
	from, old := q.Low, q.Buckets
	var none R
	q.Buckets = none
	q.place(low, n)
	for i := range len(old) {
		if to := from + uint32(i) - q.Low; old[i] > 0 && to < uint32(len(q.Buckets)) {
			q.Buckets[to] = old[i]
		}
	}
}

// coarsen joins buckets in pairs.
func (q *Quantiles[R]) coarsen() {
	from, old := q.Low, q.Buckets
	var none R
	q.Buckets = none
	q.Bits--
	q.Low = from / 2
	for i := range len(old) {
		if old[i] > 0 {
			q.Buckets[(from+uint32(i))/2-q.Low] += old[i]
		}
	}
}

// occupied are the first and last bucket that count something.
func (q *Quantiles[R]) occupied() (low, high int64) {
	low, high = math.MaxInt64, -1
	for i := range len(q.Buckets) {
		if q.Buckets[i] > 0 {
			high = int64(q.Low) + int64(i)
			low = min(low, high)
		}
	}
	return low, high
}

// bucket is the number of the bucket of a value above 0, at k bits.
func bucket(v uint64, k uint32) uint32 {
	e := uint32(bits.Len64(v)) - 1
	return e<<k | uint32(v<<(63-e)<<1>>(64-k))
}

// least is the smallest value of a bucket.
func least(b, k uint32) uint64 {
	e := b >> k
	return (1<<63 | uint64(b)<<(64-k)>>1) >> (63 - e)
}

// middle is the value that has the same relative distance from both ends of a bucket.
func middle(b, k uint32) float64 {
	low := least(b, k)
	if b>>k <= k {
		return float64(low) // the only one in it
	}
	high := low + (1<<(b>>k-k) - 1)
	return 2 * float64(low) * float64(high) / (float64(low) + float64(high))
}
