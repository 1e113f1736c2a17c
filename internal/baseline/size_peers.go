package baseline

import (
	"math"
	"time"
)

// SizePeers learns the prior of sizes of one service and kind of entity: mean and deviations of levels and of windows
// about them, in sums that fade. 48 bytes. The zero value knows nothing.
type SizePeers struct {
	Weight, Level, Square float64 // over windows, each entity having the same weight: Σv, Σv·level, Σv·level²
	Windows, Scatter      float64 // Σw, Σw(y−level)²
	Time                  int64   // nanoseconds since the epoch
}

// SizeGroup is the model of a size's peers.
type SizeGroup struct {
	HalfLife time.Duration
	Start    SizePrior
	Entities float64 // how many entities' evidence the assumption is worth
}

// DefaultSizeGroup returns the defaults: before anything is known, about 8 KiB with all sizes between bytes and megabytes.
func DefaultSizeGroup() SizeGroup {
	return SizeGroup{HalfLife: 14 * 24 * time.Hour, Start: SizePrior{Mean: 9, Deviation: 1, Between: 2}, Entities: 3}
}

// Learn takes a measure in, with the entity's state after it and the law before it.
func (g *SizeGroup) Learn(p *SizePeers, s *Size, law SizeLaw, m Measure) {
	known := float64(s.Weight)
	if !(m.Value > 0) || !(known > 0) {
		return
	}
	age := float64(m.Time-p.Time) / float64(time.Second)
	left, weight := fade(math.Abs(age), g.HalfLife.Seconds()), 1.0
	if age <= 0 {
		weight = left
	} else {
		p.Time = m.Time
		for _, v := range [...]*float64{&p.Weight, &p.Level, &p.Square, &p.Windows, &p.Scatter} {
			*v *= left
		}
	}
	law = law.clean()
	share := weight * clamp(1/known, 0, 1)
	level := clamp(float64(s.Mean), -maxLog, maxLog)
	p.Weight += share
	p.Level += share * level
	p.Square += share * level * level
	step := clamp(logOf(m.Value)-law.Middle, -4*law.Scale, 4*law.Scale)
	if known > 2 {
		p.Windows += weight
		p.Scatter += weight * step * step * known / (known + 1)
	}
}

// Prior is what is known about peers now.
func (g *SizeGroup) Prior(p *SizePeers) SizePrior {
	n := clamp(g.Entities, 1e-3, maxCount)
	weight, windows := clamp(p.Weight, 0, maxCount), clamp(p.Windows, 0, maxCount)
	start := clamp(g.Start.Mean, -maxLog, maxLog)
	deviation, between := g.Start.deviation(), clamp(g.Start.Between, 1e-3, 50)
	mean := clamp((p.Level+n*start)/(weight+n), -maxLog, maxLog)
	spread := 0.0
	if weight > 0 {
		spread = max(p.Square-p.Level*p.Level/weight, 0)
	}
	return SizePrior{
		Mean:      mean,
		Deviation: clamp(math.Sqrt((max(p.Scatter, 0)+n*deviation*deviation)/(windows+n)), 0.02, 50),
		Between:   clamp(math.Sqrt((spread+n*between*between)/(weight+n)), 1e-3, 50),
	}
}
