package detect

import (
	"math"

	"gatewatch/internal/baseline"
)

// volumeLaw is what one measure is expected to be. Of counts it is that of the count less one, since windows without are
// not learned: whether a client comes, or is refused at all, is another question than how much when it is.
type volumeLaw struct {
	measure measure
	counts  baseline.Law
	sizes   baseline.SizeLaw
}

// law is what a measure of a client is expected to be in an hour.
func (d VolumeAnomaly) law(s *volumeAnomalyState, h *habit, m measure, at int64) volumeLaw {
	if m < counted {
		prior := d.group.Prior(&h.Counts[m])
		return volumeLaw{measure: m, counts: d.counts.Law(&s.Levels[m], &prior, baseline.Slow, baseline.Span{Time: at, Exposure: 1})}
	}
	prior := d.sized.Prior(&h.Sizes[m-counted])
	return volumeLaw{measure: m, sizes: d.sizes.Law(&s.Sizes[m-counted], &prior, baseline.Slow, baseline.Measure{Time: at})}
}

func (l *volumeLaw) expected() float64 {
	if l.measure < counted {
		return l.counts.Mean + 1
	}
	return l.sizes.Expected()
}

// tail is the probability of a value and more.
func (l *volumeLaw) tail(value float64) float64 {
	if l.measure < counted {
		return math.Pow(10, -l.counts.Surprise(value-1))
	}
	return l.sizes.P(value)
}

// uniform is that of more, and of the value itself the part u, which is uniform where the law is right.
func (l *volumeLaw) uniform(value, u float64) float64 {
	if l.measure < counted {
		return l.counts.Uniform(value-1, u)
	}
	return l.sizes.P(value)
}

// ordinary tells cheaply that a value is nothing to speak of, or a stray.
func (l *volumeLaw) ordinary(value float64) bool {
	if l.measure < counted {
		return value-1 <= l.counts.Mean
	}
	return value <= l.sizes.Expected()
}

// surprise is how surprising a value is: how much more than the client does, or than clients do that stray from what they
// do. The second result is how likely it is such a stray.
func (d VolumeAnomaly) surprise(s *volumeAnomalyState, h *habit, law *volumeLaw, value float64) (surprise, stray float64) {
	if law.ordinary(value) {
		return 0, 0
	}
	strays := &h.Strays[law.measure]
	tail := baseline.Tail{Own: law.tail(value), Above: strays.Above(value)}
	if tail.Peers = min(tail.Above/max(strays.Strays, 1), 1); tail.Above < enoughStrays {
		nobody := volumeAnomalyState{}
		peers := d.law(&nobody, h, law.measure, s.end())
		tail.Peers = peers.tail(value)
	}
	p, stray := d.straying.Mix(strays, tail)
	return max(-math.Log10(max(p, 1e-300)), 0), stray
}

// enoughStrays is how many strays above a value tell by themselves how likely they are.
const enoughStrays = 30

// bound is about the least value that is as surprising as a threshold, which value is.
func (d VolumeAnomaly) bound(s *volumeAnomalyState, h *habit, law *volumeLaw, value, threshold float64) float64 {
	const steps = 12
	low, high := max(min(law.expected(), value), 1), max(value, 1)
	for range steps {
		mid := math.Sqrt(low * high)
		if surprise, _ := d.surprise(s, h, law, mid); surprise >= threshold {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
