package baseline

// Prior is what is known about an entity before it has done anything: what its peers do.
type Prior struct {
	Mean  float64 // of the peers' levels
	Shape float64 // of counts: mean² over the variance between peers; of shares: the strength, in trials
	Noise float64 // variance of a window about its level, beyond the law's own: relative to mean² for counts, 0–1 for shares
}

func (p *Prior) mean() float64  { return clamp(p.Mean, minMean, maxCount) }
func (p *Prior) shape() float64 { return clamp(p.Shape, 0.05, 1e6) }

// Sample is what one window tells about its entity's peers.
type Sample struct {
	Time   int64
	Weight float64 // the window's share of what is known about the entity
	Value  float64 // count per usual window, or share
	Level  float64 // the entity's level with this window
	Before float64 // and without, where Known
	Known  bool
	Excess float64
	Scale  float64
}
