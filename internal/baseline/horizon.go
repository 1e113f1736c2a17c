package baseline

import (
	"errors"
	"fmt"
	"time"
)

// Horizon is how far back a level looks.
type Horizon uint8

// The horizons: what is normal, and what has been going on lately. An attacker who raises the slow level patiently
// makes the fast one run away from it.
const (
	Slow Horizon = iota
	Fast
)

// String is the horizon's name.
func (h Horizon) String() string {
	if h == Fast {
		return "fast"
	}
	return "slow"
}

// Memory is how states forget and how far they can be led astray. It is the same for counts and shares.
type Memory struct {
	Fast  time.Duration // half-life of the fast horizon
	Slow  time.Duration // half-life of the slow horizon
	Clip  float64       // standard deviations above the mean beyond which more is learned as if it were there
	Held  float64       // weight of a window that was found unusual, 0–1; above 0 so that a lasting change becomes normal
	Trust float64       // windows after which an entity's own scatter counts as much as its peers'
	Stray float64       // how often an entity does what any of its peers might, whatever its own past, 0–1
	Drift float64       // variance, relative to the mean's square, by which levels wander without meaning anything
}

// DefaultMemory returns the defaults. A slow half-life of four weeks lets growth of 2 % a day drift to 1.7 times the slow
// level, while two days of fast half-life smooth a day's rhythm. A clip at 6 standard deviations takes less than a
// percent off the mean of the most scattered counts. A weight of a tenth keeps a flood of two hours from being noticed
// in next week's level, and forgets the old level within some half-lives where the new one stays. Entities scatter very
// differently, so eight windows of their own soon tell more than their peers do. One stray window in a hundred is what
// phones and crawlers of simulated traffic showed.
func DefaultMemory() Memory {
	return Memory{Fast: 2 * 24 * time.Hour, Slow: 28 * 24 * time.Hour, Clip: 6, Held: 0.1, Trust: 8, Stray: 0.01, Drift: 0.005}
}

// Validate tells what is wrong with the settings.
func (m Memory) Validate() error {
	var errs []error
	if m.Fast < time.Minute || m.Slow <= m.Fast {
		errs = append(errs, fmt.Errorf("half-lives fast %s, slow %s: want at least a minute, and fast < slow", m.Fast, m.Slow))
	}
	if !(m.Clip >= 1) || !(m.Held >= 0 && m.Held <= 1) {
		errs = append(errs, fmt.Errorf("clip %g, held %g: want at least 1, and 0 to 1", m.Clip, m.Held))
	}
	if !(m.Trust > 0) || !(m.Drift >= 0) || !(m.Stray >= 0 && m.Stray < 1) {
		errs = append(errs, fmt.Errorf("trust %g, drift %g, stray %g: want above 0, at least 0, and 0 to below 1", m.Trust, m.Drift, m.Stray))
	}
	return errors.Join(errs...)
}

// Evidence is what a horizon remembers: a sum that fades, and over how much it was summed, fading alike.
type Evidence struct {
	Sum   float32
	Whole float32
}

func (e *Evidence) fade(left float64) {
	e.Sum, e.Whole = small(float64(e.Sum)*left), small(float64(e.Whole)*left)
}

func (e *Evidence) add(sum, whole float64) {
	e.Sum, e.Whole = small(float64(e.Sum)+sum), small(float64(e.Whole)+whole)
}

// clip is how much of a window's count is learned, and with what weight.
func (m *Memory) clip(w Window, count, bound float64) (learned, weight float64) {
	weight = 1
	if w.Held {
		weight = clamp(m.Held, 0, 1)
	}
	return min(clamp(count, 0, maxCount), bound), weight
}

// left is what remains of evidence of each horizon after an age in seconds.
func (m *Memory) left(age float64) (fast, slow float64) {
	return fade(age, m.Fast.Seconds()), fade(age, m.Slow.Seconds())
}
