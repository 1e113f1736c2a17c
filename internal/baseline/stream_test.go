package baseline

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// chance draws from the laws that the models are held against.
type chance struct{ *rand.Rand }

func newChance(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 1))} }

// gamma draws with a shape and mean 1 (Marsaglia and Tsang, 2000).
func (c chance) gamma(shape float64) float64 {
	boost, a := 1.0, shape
	if a < 1 {
		boost, a = math.Pow(c.Float64(), 1/a), a+1
	}
	d := a - 1./3
	for {
		x := c.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(c.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v * boost / shape
		}
	}
}

// poisson draws by gaps, in pieces where the mean is large.
func (c chance) poisson(mean float64) float64 {
	n := 0.0
	for mean > 30 {
		// The ⌊0.9·mean⌋-th event comes after a gamma-distributed time.
		m := math.Floor(0.9 * mean)
		x := c.gamma(m) * m
		if x > mean {
			for range int(m) - 1 {
				if c.Float64() < mean/x {
					n++
				}
			}
			return n
		}
		n += m
		mean -= x
	}
	for p := c.ExpFloat64(); p < mean; p += c.ExpFloat64() {
		n++
	}
	return n
}

// negBinomial draws a count with a mean and a relative variance beyond Poisson's.
func (c chance) negBinomial(mean, noise float64) float64 {
	if noise > 0 {
		mean *= c.gamma(1 / noise)
	}
	return c.poisson(mean)
}

func (c chance) beta(a, b float64) float64 {
	x, y := c.gamma(a)*a, c.gamma(b)*b
	return x / (x + y)
}

func (c chance) binomial(n int, p float64) float64 {
	hits := 0.0
	for range n {
		if c.Float64() < p {
			hits++
		}
	}
	return hits
}

// uniformity is the Kolmogorov–Smirnov distance of values from the uniform law.
func uniformity(values []float64) float64 {
	slices.Sort(values)
	n, worst := float64(len(values)), 0.0
	for i, v := range values {
		worst = max(worst, math.Abs(v-float64(i)/n), math.Abs(v-float64(i+1)/n))
	}
	return worst
}

const (
	hour  = int64(time.Hour)
	start = int64(1_772_400_000) * int64(time.Second)
)

// crowd is a population of clients and the model that learns them.
type crowd struct {
	chance
	model  Counts
	group  Group
	peers  Peers
	past   []Past
	levels []float64
	noise  float64
}

func newCrowd(seed uint64, clients int, noise float64, level func(c chance) float64) *crowd {
	c := &crowd{chance: newChance(seed), model: Counts{Memory: DefaultMemory()}, group: DefaultGroup(), noise: noise}
	for range clients {
		c.past = append(c.past, Past{})
		c.levels = append(c.levels, level(c.chance))
	}
	return c
}

// window learns one window of all clients; each p-value goes to see.
func (c *crowd) window(at int64, see func(p float64)) {
	prior := c.group.Prior(&c.peers)
	for i := range c.past {
		count := c.negBinomial(c.levels[i], c.noise)
		if see != nil {
			law := c.model.Law(&c.past[i], &prior, Slow, Span{Time: at, Exposure: 1})
			see(law.Uniform(count, c.Float64()))
		}
		c.group.Learn(&c.peers, c.model.Learn(&c.past[i], &prior, Window{Time: at, Exposure: 1, Count: count}))
	}
}
