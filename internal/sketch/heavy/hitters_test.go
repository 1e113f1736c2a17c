package heavy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"gatewatch/internal/sketch"
	"gatewatch/internal/sketch/wire"
)

const halfLife = 1000

// occurrence is one event of a stream.
type occurrence struct {
	at     int64
	name   string
	weight float64
}

// stream is events of a few values that occur often, many that occur seldom, and as many again that occur once, spread over
// ten half-lives and not in order.
func stream(rng *rand.Rand, n int) []occurrence {
	zipf := rand.NewZipf(rng, 1.3, 1, 5000)
	all := make([]occurrence, n)
	for i := range all {
		name := fmt.Sprint("value ", zipf.Uint64())
		if rng.IntN(2) == 0 {
			name = fmt.Sprint("once ", i)
		}
		at := 10*halfLife*int64(i)/int64(n) - rng.Int64N(halfLife)
		all[i] = occurrence{at, name, float64(1 + rng.IntN(3))}
	}
	return all
}

// truth is what each value and all of them weigh as of time t.
func truth(all []occurrence, t int64) (byName map[string]float64, total float64) {
	byName = map[string]float64{}
	for _, o := range all {
		w := o.weight * math.Exp2(float64(o.at-t)/halfLife)
		byName[o.name] += w
		total += w
	}
	return byName, total
}

// follower is a Hitters or a Ranking.
type follower interface {
	add(o occurrence)
	share(name string) (low, high float64)
	merge(follower)
	slots() int
}

type hitters struct {
	Hitters
	key sketch.Key
}

func (h *hitters) add(o occurrence) { h.Add(o.at, halfLife, h.key.SumString(o.name), o.weight) }
func (h *hitters) share(name string) (low, high float64) {
	return h.Share(h.key.SumString(name))
}
func (h *hitters) merge(o follower) { h.Merge(&o.(*hitters).Hitters, halfLife) }
func (h *hitters) slots() int       { return Slots }

type ranking struct{ *Ranking }

func (r ranking) add(o occurrence)                      { r.Add(o.at, o.name, o.weight) }
func (r ranking) share(name string) (low, high float64) { return r.Share(name) }
func (r ranking) slots() int                            { return r.limit }
func (r ranking) merge(o follower) {
	if err := r.Merge(o.(ranking).Ranking); err != nil {
		panic(err)
	}
}

func followers() map[string]func() follower {
	return map[string]func() follower{
		"hitters":      func() follower { return &hitters{key: sketch.Key{1}} },
		"ranking":      func() follower { return ranking{NewRanking(sketch.Key{2}, 100, halfLife)} },
		"ranking of 1": func() follower { return ranking{NewRanking(sketch.Key{2}, 1, halfLife)} },
	}
}

// checkBounds holds a follower to its promise, with a hair for rounding. It returns the greatest excess, as a part of what
// is allowed.
func checkBounds(t *testing.T, f follower, all []occurrence) (worst float64) {
	t.Helper()
	const hair = 1e-9
	weights, total := truth(all, 10*halfLife)
	allowed := 1 / float64(f.slots())
	for name, w := range weights {
		low, high := f.share(name)
		share := w / total
		if share < low-hair || share > high+hair {
			t.Fatalf("the share of %q is %g, which is not between %g and %g", name, share, low, high)
		}
		if high-share > allowed+hair {
			t.Fatalf("the share of %q is %g, at most %g: more than 1/%d above", name, share, high, f.slots())
		}
		if share > allowed+hair && low == 0 && f.slots() > 1 {
			t.Fatalf("%q has a share of %g and is not followed", name, share)
		}
		worst = max(worst, (high-share)/allowed)
	}
	return worst
}

func TestSpaceSavingBounds(t *testing.T) {
	for name, make := range followers() {
		worst := 0.0
		for trial := range uint64(30) {
			rng := rand.New(rand.NewPCG(trial, 1))
			all := stream(rng, 2000)
			f := make()
			for _, o := range all {
				f.add(o)
			}
			worst = max(worst, checkBounds(t, f, all))
		}
		t.Logf("%s: greatest excess over 30 trials %.0f %% of what is allowed", name, 100*worst)
	}
}

// TestSpaceSavingMerge: the bounds hold for what parts of a stream have seen together, whatever their sizes and times.
func TestSpaceSavingMerge(t *testing.T) {
	for name, make := range followers() {
		worst := 0.0
		for trial := range uint64(30) {
			rng := rand.New(rand.NewPCG(trial, 2))
			all := stream(rng, 2000)
			parts := []follower{make(), make(), make(), make()}
			for i, o := range all {
				if trial%2 == 0 {
					parts[i*len(parts)/len(all)].add(o) // one after the other in time
				} else {
					parts[rng.IntN(len(parts)-1)].add(o) // the last stays empty
				}
			}
			merged := make()
			for _, i := range rng.Perm(len(parts)) {
				merged.merge(parts[i])
			}
			worst = max(worst, checkBounds(t, merged, all))
		}
		t.Logf("%s: greatest excess over 30 trials %.0f %% of what is allowed", name, 100*worst)
	}
}

// TestRankingIsSpaceSaving compares with the algorithm as it is written down.
func TestRankingIsSpaceSaving(t *testing.T) {
	const k = 7
	for trial := range uint64(20) {
		rng := rand.New(rand.NewPCG(trial, 3))
		r := NewRanking(sketch.Key{5}, k, math.MaxInt64)
		var plain []Hitter
		for range 1500 {
			name := fmt.Sprint(rng.IntN(1 + rng.IntN(40)))
			hash := r.key.SumString(name)
			r.Add(0, name, 1)
			at := slices.IndexFunc(plain, func(h Hitter) bool { return h.Hash == hash })
			if at < 0 && len(plain) < k {
				plain = append(plain, Hitter{Hash: hash})
				at = len(plain) - 1
			}
			if at < 0 {
				least := slices.MinFunc(plain, func(a, b Hitter) int {
					return cmp.Or(cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.Hash, b.Hash))
				})
				at = slices.Index(plain, least)
				plain[at] = Hitter{hash, least.Weight, least.Weight}
			}
			plain[at].Weight++
			slices.SortFunc(plain, heavier)
			got := r.held()
			slices.SortFunc(got, heavier)
			if diff := gocmp.Diff(plain, got); diff != "" {
				t.Fatalf("trial %d (-plain +got):\n%s", trial, diff)
			}
		}
	}
}

func TestRankingTop(t *testing.T) {
	r := NewRanking(sketch.Key{1}, 4, halfLife)
	r.Add(0, "/a", 8)
	r.Add(halfLife, "/b", 3)
	r.Add(halfLife, "/c", 1)
	want := []Ranked{{Name: "/a", Weight: 4}, {Name: "/b", Weight: 3}} // half of 8 is left
	if diff := gocmp.Diff(want, r.Top(halfLife, 2)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := r.Top(0, 99); len(got) != 3 {
		t.Errorf("%d values, want 3", len(got))
	}
	if got := r.Top(0, -1); len(got) != 0 {
		t.Errorf("%d values, want none", len(got))
	}
	var f Hitters
	f.Add(0, halfLife, 7, 8)
	f.Add(halfLife, halfLife, 9, 3)
	if diff := gocmp.Diff([]Hitter{{Hash: 7, Weight: 4}, {Hash: 9, Weight: 3}}, f.Top(halfLife, halfLife, nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRankingNames(t *testing.T) {
	r := NewRanking(sketch.Key{1}, 4, halfLife)
	for _, tt := range []struct{ name, want string }{
		{strings.Repeat("x", 70), strings.Repeat("x", 64)},
		{strings.Repeat("é", 40), strings.Repeat("é", 32)},
		{"y" + strings.Repeat("é", 40), "y" + strings.Repeat("é", 31)},
		{strings.Repeat("\x80", 80), strings.Repeat("\x80", 60)},
		{"", ""},
	} {
		var v ranked
		v.call(tt.name)
		if got := v.called(); got != tt.want || utf8.ValidString(tt.name) != utf8.ValidString(got) {
			t.Errorf("%q is kept as %q, want %q", tt.name, got, tt.want)
		}
	}
	r.Add(0, strings.Repeat("x", 70), 1)
	r.Add(0, strings.Repeat("x", 71), 2)
	if got := r.Top(0, 9); len(got) != 2 {
		t.Errorf("two values with one beginning are %d", len(got))
	}
}

func TestExp2(t *testing.T) {
	for x := -float64(oldest); x <= oldest; x += 0.00317 {
		if got, want := exp2(x), math.Exp2(x); math.Abs(got/want-1) > 1e-13 {
			t.Fatalf("exp2(%g) = %g, want %g", x, got, want)
		}
	}
	for _, x := range []float64{0, -oldest, oldest, -1, 31, 1. / 64, -1. / 64} {
		if got, want := exp2(x), math.Exp2(x); got != want {
			t.Errorf("exp2(%g) = %g, want %g exactly", x, got, want)
		}
	}
}

func BenchmarkExp2(b *testing.B) {
	for name, f := range map[string]func(float64) float64{"ours": exp2, "math": math.Exp2} {
		b.Run(name, func(b *testing.B) {
			for x := 0.0; b.Loop(); x += 1e-5 {
				f(x)
			}
		})
	}
}

// TestAgingExtremes: no time and no weight gives a share that is none, negative or above 1.
func TestAgingExtremes(t *testing.T) {
	times := []int64{0, math.MinInt64, math.MaxInt64, -1, 1, 1 << 40, 1 << 62}
	weights := []float64{1, 0, -1, math.NaN(), math.Inf(1), math.MaxFloat64, math.SmallestNonzeroFloat64}
	rng := rand.New(rand.NewPCG(1, 1))
	for trial := range 300 {
		span := []int64{0, 1, halfLife, math.MaxInt64}[trial%4]
		f, r := Hitters{}, NewRanking(sketch.Key{}, 3, span)
		for range 40 {
			at, w, hash := times[rng.IntN(len(times))], weights[rng.IntN(len(weights))], rng.Uint64N(50)
			f.Add(at, span, hash, w)
			r.Add(at, fmt.Sprint(hash), w)
			for _, share := range []func() (float64, float64){
				func() (float64, float64) { return f.Share(hash) },
				func() (float64, float64) { return r.Share(fmt.Sprint(hash)) },
			} {
				if low, high := share(); !(low >= 0 && low <= high+1e-9 && high <= 1+1e-9) {
					t.Fatalf("a share between %g and %g", low, high)
				}
			}
		}
		var g Hitters
		g.Merge(&f, span)
		f.Merge(&g, span)
		b, _ := r.AppendBinary(nil)
		if err := NewRanking(sketch.Key{}, 3, span).UnmarshalBinary(b); err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
	}
}

func TestRankingWire(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, n := range []int{0, 3, 2000} {
		r, back := NewRanking(sketch.Key{1}, 20, halfLife), NewRanking(sketch.Key{1}, 20, halfLife)
		all := stream(rng, n+500)
		for _, o := range all[:n] {
			r.Add(o.at, o.name, o.weight)
		}
		b, err := r.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := back.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		for cut := range len(b) {
			if err := back.UnmarshalBinary(b[:cut]); !errors.Is(err, wire.ErrMalformed) {
				t.Fatalf("the first %d of %d bytes: %v", cut, len(b), err)
			}
		}
		// Cut, save, restore: what comes later finds no difference.
		for _, o := range all[n:] {
			r.Add(o.at, o.name, o.weight)
			back.Add(o.at, o.name, o.weight)
		}
		want, _ := r.AppendBinary(nil)
		if got, _ := back.AppendBinary(nil); !bytes.Equal(got, want) {
			t.Errorf("after %d events, a restored ranking goes another way", n)
		}
		for _, other := range []*Ranking{
			NewRanking(sketch.Key{2}, 20, halfLife), NewRanking(sketch.Key{1}, 21, halfLife), NewRanking(sketch.Key{1}, 20, halfLife+1),
		} {
			if err := other.UnmarshalBinary(b); !errors.Is(err, wire.ErrUnlike) {
				t.Errorf("reading into another make: %v", err)
			}
			if err := other.Merge(r); !errors.Is(err, wire.ErrUnlike) {
				t.Errorf("merging another make: %v", err)
			}
		}
	}
}

func FuzzRankingUnmarshal(f *testing.F) {
	r := NewRanking(sketch.Key{}, 3, halfLife)
	for i := range 5 {
		b, _ := r.AppendBinary(nil)
		f.Add(b)
		r.Add(int64(i)*700, fmt.Sprint("name ", i), 1)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewRanking(sketch.Key{}, 3, halfLife)
		if r.UnmarshalBinary(b) != nil {
			return
		}
		again, _ := r.AppendBinary(nil)
		if back := NewRanking(sketch.Key{}, 3, halfLife); back.UnmarshalBinary(again) != nil {
			t.Fatalf("what was read from %x is not read again", b)
		}
		r.Add(r.Landmark, "x", 1)
		r.Add(0, "y", 1)
		for _, v := range r.Top(0, 9) {
			if math.IsNaN(v.Weight) || v.Weight < 0 {
				t.Fatalf("%+v", v)
			}
		}
		if err := r.Merge(r); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(rng, 1.1, 1, 1<<20)
	hashes, names := make([]uint64, 1<<14), make([]string, 1<<14)
	for i := range hashes {
		v := zipf.Uint64()
		hashes[i], names[i] = v*0x9e3779b97f4a7c15, fmt.Sprint("client ", v)
	}
	b.Run("hitters", func(b *testing.B) {
		var f Hitters
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			f.Add(int64(i), 1<<20, hashes[i%len(hashes)], 1)
		}
	})
	b.Run("hitters that are followed", func(b *testing.B) {
		var h Hitters
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			h.Add(int64(i), 1<<20, hashes[i%20], 1)
		}
	})
	for _, k := range []int{100, 1000} {
		b.Run(fmt.Sprint("ranking of ", k), func(b *testing.B) {
			r := NewRanking(sketch.Key{1}, k, 1<<20)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r.Add(int64(i), names[i%len(names)], 1)
			}
		})
	}
}
