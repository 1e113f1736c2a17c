package detect

import (
	"math"
	"time"

	"gatewatch/internal/route"
)

// hourly is what a network has asked for in an hour, as far as every record remembers it: so that detectors of what takes
// many requests need no state for those who make few.
type hourly struct {
	Hour     uint32 // since the epoch
	Requests uint16 // for other than static files, saturating
	Objects  uint16 // of them, those that name an object
}

// count counts a request. One of an hour that is over counts in the running one: that it is late makes it no less.
func (h *hourly) count(o *Observation) (requests, objects uint16) {
	if hour := uint32(max(o.Time, 0) / int64(time.Hour)); hour > h.Hour || h.Hour-hour > staleHours {
		*h = hourly{Hour: hour}
	}
	if o.Purpose.Has(route.Static) {
		return h.Requests, h.Objects
	}
	h.Requests = min(h.Requests, math.MaxUint16-1) + 1
	if o.Object.Found() {
		h.Objects = min(h.Objects, math.MaxUint16-1) + 1
	}
	return h.Requests, h.Objects
}

// manyRequests is how many requests an hour, and largeAnswer how many bytes of one answer, are more than a visit usually has.
const (
	manyRequests = 30
	largeAnswer  = 256 << 10
)

// staleHours is how far back time must go for the hour that was counted to have been the wrong one.
const staleHours = 24

func (h *hourly) pack() uint64 {
	return uint64(h.Hour)<<32 | uint64(h.Requests)<<16 | uint64(h.Objects)
}

func (h *hourly) unpack(v uint64) {
	h.Hour, h.Requests, h.Objects = uint32(v>>32), uint16(v>>16), uint16(v)
}
