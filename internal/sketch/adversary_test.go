package sketch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/zeebo/xxh3"
)

// The tests of this file are of somebody who picks the values that are counted. They know the code, and a key that is not
// the one in use. Each test first shows that the attack works where they know the key: it is the key that keeps them off.

// hasher hashes a value under a secret.
type hasher func(value string) uint64

// hashers are hash functions under a number that is their secret: the one of this package, and the one under whose hashes
// detectors work.
func hashers() map[string]func(secret uint64) hasher {
	return map[string]func(uint64) hasher{
		"SipHash": func(secret uint64) hasher { return Key{byte(secret), byte(secret >> 8)}.SumString },
		"XXH3": func(secret uint64) hasher {
			return func(v string) uint64 { return xxh3.HashStringSeed(v, secret*0x9e3779b97f4a7c15) }
		},
	}
}

// chosen are n values whose hashes have the wanted form.
func chosen(hash hasher, n int, form func(hash uint64) bool) []string {
	values := make([]string, 0, n)
	for i := 0; len(values) < n; i++ {
		if v := fmt.Sprint("/order/", i); form(hash(v)) {
			values = append(values, v)
		}
	}
	return values
}

// hidden are values that a HyperLogLog whose key is known takes for few: they leave no rank above 1, or all go to the same
// few registers.
func hidden(hash hasher) []string {
	low := chosen(hash, 20_000, func(h uint64) bool { return h<<6>>63 == 1 && h<<7>>63 == 1 && h<<12>>63 == 1 })
	few := chosen(hash, 300, func(h uint64) bool { return h>>57 == 5 })
	return append(low, few...)
}

func TestAdversaryHidesCardinality(t *testing.T) {
	counters := []struct {
		name  string
		sigma float64
		count func(hash hasher, values []string) int
	}{
		{"few", 1.04 / 8, func(hash hasher, values []string) int {
			var f Few
			for _, v := range values {
				f.Add(hash(v))
			}
			return f.Count()
		}},
		{"distinct", 1.04 / math.Sqrt(registers), func(hash hasher, values []string) int {
			var d Distinct
			for _, v := range values {
				d.Add(hash(v))
			}
			return d.Count()
		}},
		{"cardinality", 1.04 / 64, func(hash hasher, values []string) int {
			c := NewCardinality(Key{}, 12)
			for _, v := range values {
				c.Add(hash(v))
			}
			return c.Count()
		}},
	}
	for name, under := range hashers() {
		values := hidden(under(123))
		for _, c := range counters {
			known := c.count(under(123), values)
			if known > len(values)/2 {
				t.Errorf("%s, %s: the attack does not work with the secret known: %d of %d values", name, c.name, known, len(values))
			}
			worst := 0.0
			for secret := range uint64(10) {
				off := float64(c.count(under(secret), values))/float64(len(values)) - 1
				if worst = max(worst, math.Abs(off)); math.Abs(off) > 3.5*c.sigma {
					t.Errorf("%s, %s: %d chosen values count as %.0f %%", name, c.name, len(values), 100+100*off)
				}
			}
			t.Logf("%s, %s: %d chosen values count as %d where the secret is known; under 10 others they are at most %.1f %% off (standard error %.1f %%)",
				name, c.name, len(values), known, 100*worst, 100*c.sigma)
		}
	}
}

// TestAdversaryHidesNews: values that share a bit under a wrong key do not under the right one.
func TestAdversaryHidesNews(t *testing.T) {
	attacker, secret := Key{1}, Key{2}
	values := chosen(attacker.SumString, 300, func(h uint64) bool { return h>>54 < 4 })
	count := func(key Key) (news uint32) {
		var n Novelty[SmallFilter]
		for _, v := range values {
			news += n.Add(0, day, hour, key.SumString(v))
		}
		return news
	}
	if got := count(attacker); got > 10 {
		t.Errorf("the attack does not work with the key known: %d", got)
	}
	if got := count(secret); got < 260 || got > 340 { // σ = √(300·0.13/0.87) ≈ 7
		t.Errorf("300 chosen values count as %d new ones", got)
	}
}

// TestAdversaryBlowsMemory: no number and no choice of values makes anything larger than its bound.
func TestAdversaryBlowsMemory(t *testing.T) {
	c := NewCardinality(Key{4}, 10)
	var q Quantiles[Coarse]
	rng := rand.New(rand.NewPCG(1, 1))
	long := strings.Repeat("x", 1<<16)
	for i := range 50_000 {
		v := fmt.Sprint(i)
		if i%1000 == 0 {
			v += long
		}
		c.AddString(v)
		q.Add(rng.Uint64() >> rng.UintN(64))
		if c.Size() > 1024 {
			t.Fatalf("%d bytes after %d values", c.Size(), i)
		}
	}
	ofCardinality, _ := c.AppendBinary(nil)
	ofQuantiles, _ := q.AppendBinary(nil)
	if len(ofCardinality) > 1024+12 || len(ofQuantiles) > 256*3+12 {
		t.Errorf("%d and %d bytes are written", len(ofCardinality), len(ofQuantiles))
	}
}

// TestAdversaryWidensQuantiles: whoever sends the least and the greatest values there are makes quantiles coarser, to the
// stated bound and no further.
func TestAdversaryWidensQuantiles(t *testing.T) {
	var q Quantiles[Coarse]
	for range 1000 {
		q.Add(250_000) // µs
	}
	before := q.Error()
	for e := range 64 {
		q.Add(1 << e)
		q.Add(math.MaxUint64 >> e)
	}
	if got := q.Quantile(0.5); math.Abs(got/250_000-1) > 1.0/9 || q.Error() > 1.0/9 {
		t.Errorf("median %g, error %g", got, q.Error())
	}
	t.Logf("error %.2f %% before, %.2f %% after", 100*before, 100*q.Error())
}
