package heavy

import "math"

const (
	// freshest is how many half-lives the newest event may be ahead of the landmark before that is moved.
	freshest = 32
	// oldest is after how many half-lives a weight is nothing.
	oldest = 1000
	// heaviest is the greatest weight of one event.
	heaviest = 1 << 62
)

// aging weighs events so that a weight halves with each half-life of event time: an event at t counts for
// 2^((t−landmark)/half-life), and older ones need no change (Cormode, Shkapenyuk, Srivastava and Xu, "Forward decay: a
// practical time decay model for streaming systems", ICDE 2009). The zero value has seen no event.
type aging struct {
	Landmark int64   // nanoseconds
	Total    float64 // weight of all events, at the landmark
}

// enter is the weight of an event at time t, which goes into Total; every weight that is held is multiplied by scale first.
// A weight of 0 says that the event does not count.
func (a *aging) enter(t, halfLife int64, amount float64) (weight, scale float64) {
	if !(amount > 0) {
		return 0, 1
	}
	scale = a.reach(t, halfLife)
	if a.ahead(t, halfLife) > -oldest {
		weight = min(amount, heaviest) * a.worth(t, halfLife)
		a.Total += weight
	}
	return weight, scale
}

// reach moves the landmark where t is far ahead of it, by whole half-lives, so that nothing is rounded.
func (a *aging) reach(t, halfLife int64) (scale float64) {
	if a.Total == 0 {
		a.Landmark = t
		return 1
	}
	ahead := a.ahead(t, halfLife)
	switch {
	case ahead <= freshest:
		return 1
	case ahead >= oldest:
		a.Landmark, a.Total = t, 0
		return 0
	}
	whole := int64(ahead)
	a.Landmark += whole * max(halfLife, 1)
	scale = math.Ldexp(1, -int(whole))
	a.Total *= scale
	return scale
}

// worth is what a weight of 1 at time t is at the landmark.
func (a *aging) worth(t, halfLife int64) float64 {
	return exp2(min(max(a.ahead(t, halfLife), -oldest), oldest))
}

// ahead is how many half-lives t is after the landmark.
func (a *aging) ahead(t, halfLife int64) float64 {
	return (float64(t) - float64(a.Landmark)) / float64(max(halfLife, 1))
}

// parts is how many values of 2^x between 1 and 2 are known.
const parts = 64

// exp2Of is 2^(i/parts).
var exp2Of = func() (of [parts]float64) {
	for i := range of {
		of[i] = math.Exp2(float64(i) / parts)
	}
	return of
}()

// exp2 is 2^x for x within ±oldest, to 13 digits, in less time than math.Exp2: of x = n + i/64 + r, the first two are
// known and 2^r is five terms of its series.
func exp2(x float64) float64 {
	scaled := math.Floor(x*parts + 0.5)
	i := int(scaled)
	r := (x - scaled/parts) * math.Ln2
	series := 1 + r*(1+r/2*(1+r/3*(1+r/4)))
	return math.Float64frombits(uint64(i>>6+1023)<<52) * exp2Of[i&(parts-1)] * series
}
