package detect

import (
	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
)

// measure is something of which a window holds more or less.
type measure uint8

const (
	measureRequests measure = iota
	measureRefused
	measureFailed
	measureBytes
	measureCost
	measures
	// counted are the measures that are counts; the others are sums, which have sizes.
	counted = measureBytes
	summed  = measures - counted
)

func (m measure) String() string {
	return [...]string{"requests", "refused", "failed", "bytes", "seconds"}[m]
}

// volumeAnomalyState is the running window of a client and what it did in those before.
type volumeAnomalyState struct {
	// What each event needs comes first, so that it is a line of memory.
	Sums     [summed]float32   // bytes, and seconds of work
	Counts   [counted]uint32   // requests, answers 4xx and answers 5xx
	Window   uint32            // hour since the epoch
	Limits   [measures]float32 // values from which the window is looked at
	Surprise float32           // of what stands out most in the window, where Flagged
	Last     uint16            // hour of the newest window before that stood out, modulo 2¹⁶
	Flagged  uint8             // measures in which the window stands out
	Worst    measure           // of them, the one that does most
	Drifting uint8             // 1 where the last days stood out when they were looked at
	Strays   uint8             // events of another age in a row
	Place    uint8             // of the peers' habits, plus 1; 0 where the client is new
	_        [1]byte
	Levels   [counted]baseline.Past
	Sizes    [summed]baseline.Size
	_        [4]byte
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
func (s *volumeAnomalyState) begin(window uint32) {
	if s.Flagged != 0 {
		s.Last = uint16(s.Window)
	}
	s.Window, s.Flagged, s.Surprise, s.Strays = window, 0, 0, 0
	s.Counts, s.Sums = [counted]uint32{}, [summed]float32{}
}

func (s *volumeAnomalyState) start() int64 { return int64(s.Window) * int64(volumeWindow) }
func (s *volumeAnomalyState) end() int64   { return s.start() + int64(volumeWindow) }

func (s *volumeAnomalyState) add(e *event.Event) {
	s.Counts[measureRequests]++
	switch e.Status / 100 {
	case 4:
		s.Counts[measureRefused]++
	case 5:
		s.Counts[measureFailed]++
	}
	size, _ := e.Size()
	s.Sums[0] += float32(max(size, 0))
	if e.Present&event.FieldDuration != 0 {
		s.Sums[1] += float32(max(e.DurationUS, 0)) / 1e6
	}
}

// due tells whether some value has come to where it is to be looked at.
func (s *volumeAnomalyState) due() bool {
	return float32(s.Counts[measureRequests]) >= s.Limits[measureRequests] ||
		s.Sums[0] >= s.Limits[measureBytes] || s.Sums[1] >= s.Limits[measureCost] ||
		float32(s.Counts[measureRefused]) >= s.Limits[measureRefused] || float32(s.Counts[measureFailed]) >= s.Limits[measureFailed]
}

func (s *volumeAnomalyState) value(m measure) float64 {
	if m < counted {
		return float64(s.Counts[m])
	}
	return float64(s.Sums[m-counted])
}

// hours is about how many hours of its own the client is known by.
func (s *volumeAnomalyState) hours() float64 { return float64(s.Levels[measureRequests].Slow.Whole) }

// class is which meter the client's tests are counted by.
func (s *volumeAnomalyState) class() int {
	if s.hours() < ownHours {
		return classNew
	}
	return classKnown
}

// follows tells a window that goes on with what stood out in one before: no test of its own.
func (s *volumeAnomalyState) follows() bool {
	return s.Last != 0 && uint16(s.Window)-s.Last <= quietHours
}
