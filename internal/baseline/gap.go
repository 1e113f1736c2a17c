package baseline

import (
	"math"
	"time"
)

// Gap is a time in which an entity did nothing: many windows at once, since nobody tells when one of them closes.
type Gap struct {
	From, Until int64   // nanoseconds since the epoch
	Windows     float64 // how many
	Exposure    float64 // all of them together, as in Window
}

// Idle learns that nothing was counted. The windows are spread evenly over the gap, so of each horizon there remains
// (1 − 2^(−Δ/h))·h/(Δ·ln 2) of them at its end; learning a gap in parts comes to the same. A client of which only windows
// with something in them are learned has no gaps.
func (c *Counts) Idle(p *Past, prior *Prior, g Gap) Sample {
	many, exposure := clamp(g.Windows, 0, maxCount), clamp(g.Exposure, 0, maxCount)
	if g.Until <= g.From || many == 0 || exposure == 0 {
		return Sample{Time: g.Until}
	}
	age := float64(g.Until-g.From) / float64(time.Second)
	fast, slow := p.advance(&c.Memory, seconds(g.Until))
	fast *= remains(age, c.Memory.Fast.Seconds())
	slow *= remains(age, c.Memory.Slow.Seconds())
	near := c.known(p, prior, Fast, p.Time)
	before := p.Slow
	p.Slow.add(0, slow*exposure)
	p.Fast.add(0, fast*exposure)
	mean := max(near.level*exposure/many, minMean)
	scale := many * slow * near.own * mean / (1 + mean) * mean / (1 + mean)
	excess := scale * (1 - near.doubt)
	p.Excess, p.Scale = small(float64(p.Excess)+excess), small(float64(p.Scale)+scale)
	return sample(p, before, Sample{Time: g.Until, Excess: excess, Scale: scale, Weight: slow * exposure})
}

// remains is the average of what is left of evidence that came evenly over an age: the integral of 2^(−t/h) over it.
func remains(age, halfLife float64) float64 {
	x := age / halfLife * math.Ln2
	if !(x > 1e-9) {
		return 1
	}
	return -math.Expm1(-x) / x
}
