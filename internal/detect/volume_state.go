package detect

import (
	"math"

	"gatewatch/internal/baseline"
)

// measure is something of which a window holds more or less.
type measure uint8

const (
	measureRequests measure = iota
	measureRefused
	measureBytes
	measures
	// counted are the measures that are counts.
	counted = measureBytes
)

func (m measure) String() string { return [...]string{"requests", "refused", "bytes"}[m] }

// volumeAnomalyState is the running window of a client and what it did in those before.
type volumeAnomalyState struct {
	// What each event needs comes first, so that it lies together.
	Sent      uint64 // bytes
	Window    uint32 // hour since the epoch
	Requests  uint32
	Refused   uint32
	Limits    [measures]float32 // values from which the window is looked at
	Flagged   uint8             // measures in which the window stands out
	Place     uint8             // of the peers' habits
	Before    uint8             // measures in which the window before stood out
	Drifting  uint8             // measures in which the last days do
	Strays    uint8             // events of another age in a row
	_         uint8
	Day       uint16 // since the epoch, for which drifts were looked at
	Counts    [counted]baseline.Past
	Bytes     baseline.Size
	Bounds    [measures]float32 // values from which the window is unusual, where Flagged
	Surprises [measures]float32 // the same
	Excess    [measures]float32 // above what was needed, the same
	_         [4]byte
}

func windowOf(t int64) uint32 { return uint32(max(t, 0) / int64(volumeWindow)) }

// strays tells an event that does not begin a window: a little late ones count in the running one, as does one of
// another age, unless there come so many of these that it is the window that was wrong.
func (s *volumeAnomalyState) strays(window uint32) bool {
	switch {
	case window > s.Window:
		s.Strays = 0
		return false
	case window+1 == s.Window:
		s.Strays = 0
		return true
	default:
		s.Strays++
		return s.Strays < maxStrays
	}
}

// begin empties the running window.
func (s *volumeAnomalyState) begin(window uint32, place uint8) {
	s.Before, s.Flagged, s.Strays = s.Flagged, 0, 0
	if window > s.Window+1 {
		s.Before = 0
	}
	s.Window, s.Place = window, place
	s.Requests, s.Refused, s.Sent = 0, 0, 0
}

func (s *volumeAnomalyState) start() int64 { return int64(s.Window) * int64(volumeWindow) }
func (s *volumeAnomalyState) end() int64   { return s.start() + int64(volumeWindow) }

func (s *volumeAnomalyState) add(o *Observation) {
	s.Requests++
	if o.Event.Status >= 400 && o.Event.Status < 500 {
		s.Refused++
	}
	size, _ := o.Event.Size()
	s.Sent += uint64(max(size, 0))
}

func (s *volumeAnomalyState) value(m measure) float64 {
	switch m {
	case measureRequests:
		return float64(s.Requests)
	case measureRefused:
		return float64(s.Refused)
	default:
		return float64(s.Sent)
	}
}

// hours is about how many hours of its own the client is known by.
func (s *volumeAnomalyState) hours() float64 { return float64(s.Counts[measureRequests].Slow.Whole) }

// volumeLaw is what one measure is expected to be. Of counts it is that of the count less one, since windows without are
// not learned: whether a client comes, or is refused at all, is another question than how much when it is.
type volumeLaw struct {
	measure measure
	counts  baseline.Law
	sizes   baseline.SizeLaw
}

func (l volumeLaw) expected() float64 {
	if l.measure == measureBytes {
		return l.sizes.Expected()
	}
	return l.counts.Mean + 1
}

// below tells cheaply that the surprise is below a threshold; it does not tell the contrary. What peers do now and then
// makes nothing more surprising.
func (l volumeLaw) below(value, threshold float64) bool {
	return l.measure != measureBytes && l.counts.Below(value-1, threshold)
}

// bound is about the least value whose surprise is no less than a threshold, which that of a value is.
func (l volumeLaw) bound(value, threshold float64, surprise func(value float64) float64) float64 {
	const steps = 12
	low, high := max(min(l.expected(), value), 1), max(value, 1)
	for range steps {
		if mid := math.Sqrt(low * high); surprise(mid) >= threshold {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
