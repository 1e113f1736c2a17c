package detect

import "math"

// answerRoutes is how many routes' answers are known; a power of two.
const answerRoutes = 512

// answerSizes is how large the answers of one route usually are: mean and deviation of their logarithms, over about the last
// answersKnown.
type answerSizes struct {
	Route  uint64 // hash, 0 where free
	Known  float32
	Mean   float32
	Square float32 // variance
	_      [4]byte
}

const (
	answersKnown = 1 << 12
	// answersEnough is after how many answers a route has a usual size, and answersClipped from how many on a single one
	// teaches no more than largeDeviations.
	answersEnough, answersClipped = 100, 30
	// Much larger than usual: so many deviations and such a factor above it, and so many bytes.
	largeDeviations, largeFactor, largeLeast = 4, 4, 64 << 10
	// unusualWeight is what an answer that is much larger than usual teaches of what others do: hardly anything.
	unusualWeight = 0.1
	// leastDeviation is that of a route whose answers are all alike.
	leastDeviation = 0.05
)

// usual tells how large an answer of a route usually is and whether this one is much larger, and learns from it.
func (h *habits) usual(route uint64, size float64) (usual float64, much bool) {
	a := &h.Sizes[route%answerRoutes]
	if a.Route != route {
		// Of routes that share a place, the one that is asked for more keeps it.
		if a.Known--; a.Known > 0 {
			return 0, false
		}
		*a = answerSizes{Route: route}
	}
	y, mean := math.Log(size), float64(a.Mean)
	deviation := max(math.Sqrt(float64(a.Square)), leastDeviation)
	if a.Known >= answersEnough {
		usual = math.Exp(mean)
		much = size >= largeLeast && y > mean+max(largeDeviations*deviation, math.Log(largeFactor))
	}
	weight := 1.0
	if much {
		weight = unusualWeight
	}
	if a.Known >= answersClipped {
		y = min(max(y, mean-largeDeviations*deviation), mean+largeDeviations*deviation)
	}
	a.Known = min(a.Known+float32(weight), answersKnown)
	step, part := y-mean, weight/float64(a.Known)
	a.Mean = float32(mean + step*part)
	a.Square = float32(max(float64(a.Square)+(step*(y-float64(a.Mean))-float64(a.Square))*part, 0))
	return usual, much
}

// timesUsual is how many times as large as usual the answer of an observation is.
func (h *habits) timesUsual(o *Observation) float64 {
	a := &h.Sizes[o.RouteHash%answerRoutes]
	size, ok := o.Event.Size()
	if !ok || size <= 0 || a.Route != o.RouteHash {
		return 1
	}
	return float64(size) / math.Exp(float64(a.Mean))
}
