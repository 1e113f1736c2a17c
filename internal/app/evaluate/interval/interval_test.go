package interval

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

// TestShareAgainstNewcombe holds Wilson's interval to the four examples of R. G. Newcombe, Two-sided confidence intervals
// for the single proportion, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
func TestShareAgainstNewcombe(t *testing.T) {
	for _, tt := range []struct {
		name      string
		hits, n   int
		low, high float64
	}{
		{"81 of 263", 81, 263, 0.2553, 0.3662},
		{"15 of 148", 15, 148, 0.0624, 0.1605},
		{"none of 20", 0, 20, 0, 0.1611},
		{"1 of 29", 1, 29, 0.0061, 0.1718},
		{"nothing", 0, 0, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ShareOf(tt.hits, tt.n)
			if !near(got.Low, tt.low, 5e-5) || !near(got.High, tt.high, 5e-5) {
				t.Errorf("got %.4f to %.4f, want %.4f to %.4f", got.Low, got.High, tt.low, tt.high)
			}
		})
	}
}

// TestShareSolvesItsEquation: the bounds are the p at which |hits/n − p| = z·√(p(1−p)/n).
func TestShareSolvesItsEquation(t *testing.T) {
	for _, n := range []int{1, 7, 100, 12_345} {
		for _, hits := range []int{0, 1, n / 3, n - 1, n} {
			s := ShareOf(hits, n)
			if s.Low < 0 || s.High > 1 || s.Low > s.Value || s.High < s.Value {
				t.Errorf("%d of %d: %+v is out of order", hits, n, s)
			}
			for _, p := range []float64{s.Low, s.High} {
				if p == 0 || p == 1 {
					continue
				}
				if left, right := math.Abs(s.Value-p), Z*math.Sqrt(p*(1-p)/float64(n)); !near(left, right, 1e-12) {
					t.Errorf("%d of %d: at %v, %v is not %v", hits, n, p, left, right)
				}
			}
		}
	}
}

// TestShareCovers: the interval holds the truth in about 95 % of samples, averaged over what the truth may be.
func TestShareCovers(t *testing.T) {
	const n = 30
	rnd := rand.New(rand.NewPCG(3, 4))
	in, all := 0, 0
	for range 4000 {
		p := rnd.Float64()
		hits := 0
		for range n {
			if rnd.Float64() < p {
				hits++
			}
		}
		all++
		if s := ShareOf(hits, n); s.Low <= p && p <= s.High {
			in++
		}
	}
	// 4000 samples have a standard error of √(0.95·0.05/4000) = 0.0034.
	if got := float64(in) / float64(all); got < 0.94 || got > 0.965 {
		t.Errorf("%.4f of the intervals hold the truth", got)
	}
}

// poissonAtMost is P(X ≤ k | mu), term by term from the largest.
func poissonAtMost(k int, mu float64) float64 {
	logTerm := func(i int) float64 {
		g, _ := math.Lgamma(float64(i) + 1)
		return float64(i)*math.Log(mu) - mu - g
	}
	var terms []float64
	for i := 0; i <= k; i++ {
		terms = append(terms, math.Exp(logTerm(i)))
	}
	slices.Sort(terms)
	sum := 0.0
	for _, v := range terms {
		sum += v
	}
	return sum
}

// TestRateAgainstSums: at the bounds the tails, summed up term by term, are 2.5 % each.
func TestRateAgainstSums(t *testing.T) {
	for _, k := range []int{0, 1, 2, 3, 10, 99, 1000, 20_000} {
		r := RateOf(k, 1)
		if got := poissonAtMost(k, r.High); !near(got, 0.025, 1e-9) {
			t.Errorf("%d events: P(X ≤ %d | %v) = %v", k, k, r.High, got)
		}
		if k == 0 {
			if r.Low != 0 {
				t.Errorf("no events: from %v", r.Low)
			}
			continue
		}
		if got := 1 - poissonAtMost(k-1, r.Low); !near(got, 0.025, 1e-9) {
			t.Errorf("%d events: P(X ≥ %d | %v) = %v", k, k, r.Low, got)
		}
	}
}

// TestRateAgainstGarwood holds it to printed values: −ln 0.025 for no event, and the tables' for 1 and 10.
func TestRateAgainstGarwood(t *testing.T) {
	for _, tt := range []struct {
		name      string
		count     int
		days      float64
		low, high float64
	}{
		{"none", 0, 1, 0, -math.Log(0.025)}, // 3.689
		{"one", 1, 1, 0.0253, 5.5716},
		{"ten", 10, 1, 4.7954, 18.3904},
		{"ten in five days", 10, 5, 4.7954 / 5, 18.3904 / 5},
		{"no days", 10, 0, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := RateOf(tt.count, tt.days)
			if !near(got.Low, tt.low, 5e-5) || !near(got.High, tt.high, 5e-5) {
				t.Errorf("got %.4f to %.4f, want %.4f to %.4f", got.Low, got.High, tt.low, tt.high)
			}
		})
	}
}

func TestRateOfVeryMany(t *testing.T) {
	const k = 50_000_000
	r := RateOf(k, 1)
	// The normal approximation, k ± z·√k, is good to a few units here.
	if reach := Z * math.Sqrt(k); !near(r.Low, k-reach, 5) || !near(r.High, k+reach, 5) {
		t.Errorf("%v to %v, want about ± %v", r.Low, r.High, reach)
	}
}

func TestQuantile(t *testing.T) {
	for _, tt := range []struct {
		name        string
		numbers     []float64
		missed      int
		median, p90 float64
	}{
		{"one", []float64{7}, 0, 7, 7},
		{"two", []float64{2, 1}, 0, 1.5, 1.9},
		// (11−1)·0.9 = 9, the tenth of eleven.
		{"eleven", []float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, 0, 5, 9},
		{"none", nil, 0, 0, 0},
		// The tenth of eleven is one of the two that never came about, the sixth is 5.
		{"eleven, two missed", []float64{8, 7, 6, 5, 4, 3, 2, 1, 0}, 2, 5, math.Inf(1)},
		// Between 1 and never is never.
		{"half of them missed", []float64{0, 1}, 2, math.Inf(1), math.Inf(1)},
		{"all missed", nil, 3, math.Inf(1), math.Inf(1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := SpreadOf(tt.numbers, tt.missed)
			same := func(a, b float64) bool { return a == b || near(a, b, 1e-12) }
			if got.Count != len(tt.numbers)+tt.missed || !same(got.Median.Value, tt.median) || !same(got.P90.Value, tt.p90) {
				t.Errorf("got %+v, want a median of %v and a p90 of %v", got, tt.median, tt.p90)
			}
			b, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			var back Spread
			if err := json.Unmarshal(b, &back); err != nil || back != got {
				t.Errorf("%s is read as %+v: %v", b, back, err)
			}
		})
	}
}

// TestBootstrapAgainstItsLimit: the bootstrap's median of an odd n is the order statistic k = (n+1)/2 of a resample, whose
// distribution is known: P(median* ≤ the i-th number) = P(Bin(n, i/n) ≥ k) (Efron 1979, section 3).
func TestBootstrapAgainstItsLimit(t *testing.T) {
	const n, k = 31, 16
	numbers := make([]float64, n)
	for i := range numbers {
		numbers[i] = float64(i + 1)
	}
	atMost := func(i int) float64 { // P(median* ≤ i)
		p, sum := float64(i)/n, 0.0
		for hits := k; hits <= n; hits++ {
			sum += choose(n, hits) * math.Pow(p, float64(hits)) * math.Pow(1-p, float64(n-hits))
		}
		return sum
	}
	want := func(p float64) float64 {
		i := 1
		for atMost(i) < p {
			i++
		}
		return float64(i)
	}
	got := SpreadOf(numbers, 0).Median
	// 2000 resamples may miss a step of the exact distribution by one.
	if !near(got.Low, want(0.025), 1) || !near(got.High, want(0.975), 1) || got.Value != 16 {
		t.Errorf("got %+v, want %v to %v", got, want(0.025), want(0.975))
	}
	if again := SpreadOf(numbers, 0).Median; again != got {
		t.Errorf("a second run gives %+v after %+v", again, got)
	}
}

func choose(n, k int) float64 {
	out := 1.0
	for i := range k {
		out *= float64(n-i) / float64(i+1)
	}
	return out
}
