package sketch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// The tests of this file are of somebody who picks the values that are counted. They know the code, and a key that is not
// the one in use. Each test first shows that the attack works where they know the key: it is the key that keeps them off.

// chosen are n values whose hashes under a key have the wanted form.
func chosen(key Key, n int, form func(hash uint64) bool) []string {
	values := make([]string, 0, n)
	for i := 0; len(values) < n; i++ {
		if v := fmt.Sprint("/order/", i); form(key.SumString(v)) {
			values = append(values, v)
		}
	}
	return values
}

// hidden are values that a HyperLogLog whose key is known takes for few: they leave no rank above 1, or all go to the same
// few registers.
func hidden(key Key) []string {
	low := chosen(key, 20_000, func(h uint64) bool { return h<<16>>63 == 1 && h<<7>>63 == 1 && h<<12>>63 == 1 })
	few := chosen(key, 300, func(h uint64) bool { return h>>57 == 5 })
	return append(low, few...)
}

func TestAdversaryHidesCardinality(t *testing.T) {
	attacker, secret := Key{1, 2, 3}, Key{9, 8, 7}
	values := hidden(attacker)
	for _, tt := range []struct {
		name  string
		count func(key Key) int
		sigma float64
	}{
		{"distinct", func(key Key) int {
			var d Distinct
			for _, v := range values {
				d.Add(key.SumString(v))
			}
			return d.Count()
		}, 1.04 / math.Sqrt(registers)},
		{"cardinality", func(key Key) int {
			c := NewCardinality(key, 12)
			for _, v := range values {
				c.AddString(v)
			}
			return c.Count()
		}, 1.04 / 64},
	} {
		if got := tt.count(attacker); got > len(values)/2 {
			t.Errorf("%s: the attack does not work with the key known: %d of %d values", tt.name, got, len(values))
		}
		got := float64(tt.count(secret)) / float64(len(values))
		if math.Abs(got-1) > 3.5*tt.sigma {
			t.Errorf("%s: %d chosen values count as %.0f %%", tt.name, len(values), 100*got)
		}
		t.Logf("%s: %d chosen values count as %d where the key is known, as %.1f %% where not", tt.name, len(values), tt.count(attacker), 100*got)
	}
}

// TestAdversaryHidesNews: values that share a bit under a wrong key do not under the right one.
func TestAdversaryHidesNews(t *testing.T) {
	attacker, secret := Key{1}, Key{2}
	values := chosen(attacker, 300, func(h uint64) bool { return h>>54 < 4 })
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
