package ingest

import "time"

const (
	// defaultPatience is how long an event is held for earlier ones that may come of other partitions: longer than a fetch
	// takes on a busy machine, and than what is produced to all partitions takes to be in all of them. Who waits is behind
	// anyway.
	defaultPatience = time.Second
	// behind is how old records are that wait for a partition of which nothing has been heard yet, unless events are played
	// back: most likely it has none, and an alert must not wait whenever the group hands out partitions.
	behind = 2 * time.Second
)

// wait is how long to wait for records: 0 when there is something to send and nobody is waited for.
func (s *stream) wait() time.Duration {
	now := time.Now()
	wait := period - now.Sub(s.ticked)
	if s.turns.Len() > 0 {
		left := s.hold(now)
		if left <= 0 {
			return 0
		}
		wait = min(wait, left)
	}
	return max(wait, time.Millisecond)
}

// hold is how long the next event is held because an earlier one may come of a partition that has nothing at hand. No event
// is held for longer than the patience since it came, whatever comes meanwhile: this delays what comes and does not slow
// it down.
func (s *stream) hold(now time.Time) time.Duration {
	first, _, _ := s.turns.First()
	head := first.queue.Head()
	left := s.patience - now.Sub(head.came)
	if left <= 0 {
		return 0
	}
	hurries := s.pace.Hurries(now)
	late := hurries || now.UnixNano()-head.parcel.arrived > behind.Nanoseconds()
	ends := hurries && first.held < s.share()/2 // or it would be paused for others that may have nothing
	wait := time.Duration(0)
	for _, src := range s.sources {
		if !src.idle() {
			continue
		}
		switch {
		case ends:
			return left
		case src.high < 0 && late, src.high >= 0 && src.lags():
			wait = max(wait, min(left, s.patience-now.Sub(src.dry)))
		}
	}
	return wait
}
