package detect

import (
	"time"

	"gatewatch/internal/baseline"
)

// leak is a way in which data leaves.
type leak uint8

const (
	leakAnswers leak = iota
	leakDay
	leaks
)

func (l leak) bit() leakSet { return 1 << l }

// leakSet is a set of leaks.
type leakSet uint8

// worst is the leak that stands out most, of a set that has one.
func (l leakSet) worst(s *exfiltrationState) leak {
	if l == leakDay.bit() || l&leakDay.bit() != 0 && s.Surprises[leakDay] > s.Surprises[leakAnswers] {
		return leakDay
	}
	return leakAnswers
}

const (
	// ownDays is after how many days a client has a habit of its own.
	ownDays = 3.5
	// loudHour is how many bytes of an hour count in its day.
	loudHour = 20_000_000
)

// exfiltrationState is the running hour and day of a client and what those before held.
type exfiltrationState struct {
	Hour      uint32 // since the epoch
	Answers   uint32 // much larger than usual, in the hour
	Sent      uint64 // bytes of the day, each hour's up to loudHour
	InHour    uint64 // bytes
	Excess    uint64 // bytes by which Answers are larger than usual
	Limit     float32
	Flagged   leakSet // what stands out
	Before    leakSet // what stood out in the window before
	Place     uint8   // of the peers' habits
	Strays    uint8   // events of another age in a row
	Large     baseline.Past
	Days      baseline.Size
	Surprises [leaks]float32 // where Flagged
	Above     [leaks]float32 // above what was needed, the same
	_         [4]byte
}

// strays tells an event that does not begin an hour: see volumeAnomalyState.
func (s *exfiltrationState) strays(hour uint32) bool {
	switch {
	case hour > s.Hour:
		s.Strays = 0
		return false
	case hour+1 == s.Hour:
		s.Strays = 0
		return true
	default:
		s.Strays++
		return s.Strays < maxStrays
	}
}

func (s *exfiltrationState) beginHour(hour uint32, place uint8) {
	s.Before = s.Before&^leakAnswers.bit() | s.Flagged&leakAnswers.bit()
	s.Flagged &^= leakAnswers.bit()
	s.Hour, s.Place, s.Strays = hour, place, 0
	s.Answers, s.InHour, s.Excess = 0, 0, 0
}

func (s *exfiltrationState) beginDay(least float32) {
	s.Before = s.Before&^leakDay.bit() | s.Flagged&leakDay.bit()
	s.Flagged &^= leakDay.bit()
	s.Sent, s.Limit = 0, least
}

// start is when the running day began, end when the running hour will be over.
func (s *exfiltrationState) start() int64 { return int64(s.Hour/24) * 24 * int64(time.Hour) }
func (s *exfiltrationState) end() int64   { return int64(s.Hour+1) * int64(time.Hour) }

// add counts an answer, and tells whether it is one that is much larger than usual.
func (s *exfiltrationState) add(o *Observation) bool {
	size, ok := o.Event.Size()
	if !ok || size <= 0 {
		return false
	}
	sent := min(uint64(size), loudHour-min(s.InHour, loudHour))
	s.Sent += sent
	s.InHour += uint64(size)
	if o.Answer != AnswerOK {
		return false
	}
	usual, much := o.habits.usual(o.RouteHash, float64(size))
	if !much {
		return false
	}
	s.Answers++
	s.Excess += uint64(max(float64(size)-usual, 0))
	return true
}

// flag notes that a leak stands out, if it does.
func (s *exfiltrationState) flag(l leak, surprise, threshold float64) bool {
	if surprise < threshold {
		return s.Flagged&l.bit() != 0
	}
	s.Flagged |= l.bit()
	s.Surprises[l], s.Above[l] = float32(surprise), float32(surprise-threshold)
	return true
}
