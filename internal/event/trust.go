package event

import (
	"math"
	"time"
)

// Trust is the span of event times that are believed. A device without a clock logs 1970, a broken one the next century;
// either would open windows that never close. Both bounds are inclusive, in nanoseconds since the Unix epoch. The zero
// value believes only 1970-01-01T00:00:00Z; use TrustUntil.
type Trust struct{ NotBefore, NotAfter int64 }

// TimeVerdict is what Trust thinks of a time.
type TimeVerdict uint8

// The verdicts.
const (
	TimeTrusted TimeVerdict = iota
	TimePast                // before NotBefore
	TimeFuture              // after NotAfter
)

// String is the verdict's name.
func (v TimeVerdict) String() string {
	switch v {
	case TimePast:
		return "past"
	case TimeFuture:
		return "future"
	default:
		return "trusted"
	}
}

// Earliest is the default lower bound: 1990-01-01, before the first HTTP request was made, in nanoseconds.
const Earliest int64 = 631152000 * int64(time.Second)

// Lead is how far ahead of the reader's clock an event may be by default: a day, because local times without a zone
// are wrong by up to 14 hours.
const Lead = 24 * time.Hour

// TrustUntil is the default span for a reader whose clock says now, in nanoseconds since the Unix epoch: from Earliest
// to now and Lead.
func TrustUntil(now int64) Trust {
	after := int64(math.MaxInt64)
	if now < after-int64(Lead) {
		after = now + int64(Lead)
	}
	return Trust{NotBefore: Earliest, NotAfter: after}
}

// Check judges a time in nanoseconds since the Unix epoch.
func (t Trust) Check(at int64) TimeVerdict {
	switch {
	case at < t.NotBefore:
		return TimePast
	case at > t.NotAfter:
		return TimeFuture
	default:
		return TimeTrusted
	}
}
