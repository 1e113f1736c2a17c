package detect

import (
	"math/bits"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/baseline"
	"gatewatch/internal/sketch"
)

// breadth is something of which a window holds more or fewer different ones.
type breadth uint8

const (
	objectsHour breadth = iota
	routesHour
	objectsDay
	breadths
)

func (m breadth) String() string { return [...]string{"objects_hour", "routes_hour", "objects_day"}[m] }

func (m breadth) bit() breadthSet { return 1 << m }

// breadthSet is a set of breadths.
type breadthSet uint8

// next takes the first breadth off the set.
func (b *breadthSet) next() breadth {
	m := bits.TrailingZeros8(uint8(*b))
	*b &= *b - 1
	return breadth(m)
}

// first is the first breadth of the set, which is not empty.
func (b breadthSet) first() breadth { return b.next() }

// breadthAnomalyState is the running hour and day of a client and what those before held.
type breadthAnomalyState struct {
	Hour      uint32 // since the epoch
	Requests  uint32 // in the hour
	Found     [breadths]uint32
	Limits    [breadths]float32 // counts from which the window is looked at
	Flagged   breadthSet        // windows that stand out
	Before    breadthSet        // that stood out before them
	Place     uint8             // of the peers' habits
	Strays    uint8             // events of another age in a row
	Routes    sketch.Few
	Objects   sketch.Distinct
	Day       sketch.Distinct
	Pasts     [breadths]baseline.Past
	Surprises [breadths]float32 // where Flagged
	Excess    [breadths]float32 // above what was needed, the same
}

// strays tells an event that does not begin an hour: see volumeAnomalyState.
func (s *breadthAnomalyState) strays(hour uint32) bool {
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

// begin begins an hour.
func (s *breadthAnomalyState) begin(hour uint32, place uint8) {
	s.Strays, s.Requests = 0, 0
	if hour > s.Hour+1 {
		s.Flagged &= objectsDay.bit()
	}
	s.Hour, s.Place = hour, place
}

// empty begins a window of one measure.
func (s *breadthAnomalyState) empty(m breadth, least float64) {
	s.Before = s.Before&^m.bit() | s.Flagged&m.bit()
	s.Flagged &^= m.bit()
	s.Found[m], s.Limits[m] = 0, float32(least)
	switch m {
	case objectsHour:
		s.Objects = sketch.Distinct{}
	case routesHour:
		s.Routes = sketch.Few{}
	default:
		s.Day = sketch.Distinct{}
	}
}

func (s *breadthAnomalyState) start(m breadth) int64 {
	if m == objectsDay {
		return int64(s.Hour/24) * 24 * int64(time.Hour)
	}
	return int64(s.Hour) * int64(time.Hour)
}

func (s *breadthAnomalyState) end(m breadth) int64 {
	if m == objectsDay {
		return s.start(m) + 24*int64(time.Hour)
	}
	return s.start(m) + int64(time.Hour)
}

// windows is about how many windows of its own the client is known by, in hours.
func (s *breadthAnomalyState) windows(m breadth) float64 {
	own := float64(s.Pasts[m].Slow.Whole)
	if m == objectsDay {
		return own * 24 / daysKnown
	}
	return own
}

// daysKnown is how many days of its own are worth as many hours as a day has.
const daysKnown = 4

// add counts a request, and tells of what there is more than before.
func (s *breadthAnomalyState) add(o *Observation) (grown breadthSet) {
	s.Requests++
	if s.Routes.Add(o.RouteHash) {
		s.Found[routesHour] = uint32(s.Routes.Count())
		grown |= routesHour.bit()
	}
	thing := thingOf(o)
	if thing == 0 {
		return grown
	}
	if s.Objects.Add(thing) {
		s.Found[objectsHour] = uint32(s.Objects.Count())
		grown |= objectsHour.bit()
	}
	if s.Day.Add(thing) {
		s.Found[objectsDay] = uint32(s.Day.Count())
		grown |= objectsDay.bit()
	}
	return grown
}

// know is about how many clients it was learned from what a window holds. Of hours those count that did too little to have
// a state; of days, which begin long before anybody knows what they hold, they do not.
func (h *habit) know(m breadth) float64 {
	if m == objectsDay {
		return h.Breadths[m].Weight
	}
	return h.clients()
}

// worst is the measure that stands out most of those that do.
func (s *breadthAnomalyState) worst() breadth {
	worst := s.Flagged.first()
	for rest := s.Flagged; rest != 0; {
		if m := rest.next(); s.Surprises[m] > s.Surprises[worst] {
			worst = m
		}
	}
	return worst
}

// thingOf is a hash of what the request asks for, 0 where it is nothing of which there are many: an object, or a page of a
// list. The same id is the same thing on all routes: a page and what it calls are about one product.
func thingOf(o *Observation) uint64 {
	if o.Object.Found() {
		return o.Object.Hash
	}
	if page := pageOf(o.Event.Query); page != "" {
		return xxh3.HashStringSeed(page, o.RouteHash) | 1
	}
	return 0
}

const (
	// pageParams is how many query parameters are looked at for a page's number.
	pageParams = 16
	// pageDigits is the longest number, or name, of a page.
	pageDigits = 64
)

// pageOf is the page of a list that a query asks for: its number, how many come before it, or its name; "" for none. What
// may be a time, as "from" and "after", is no page: programs ask for the newest again and again.
func pageOf(query string) string {
	for range pageParams {
		if query == "" {
			break
		}
		var param string
		param, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(param, "=")
		switch name {
		case "page", "p", "pg", "paged", "pageno", "page_no", "pagenum", "page_number", "pageNumber", "offset", "skip", "cursor",
			"page_token", "pageToken", "page[number]", "page%5Bnumber%5D", "page[offset]", "page%5Boffset%5D":
			if value != "" && len(value) <= pageDigits {
				return value
			}
		}
	}
	return ""
}
