package detect

import (
	"errors"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
)

const (
	// habitServices is how many services are told apart; the first place is for all that came later. Who makes hosts up
	// makes no more than these, and what is learned stays.
	habitServices = 64
	// habitKinds are the kinds of entity that are told apart: networks and principals.
	habitKinds = 2
)

// habit is what the windows of one kind of client of one service usually hold.
type habit struct {
	Counts [counted]baseline.Peers
	Sizes  [summed]baseline.SizePeers
	Strays [measures]baseline.Strays
	// Breadths are of the clients that ask for more than a visit does.
	Breadths [breadths]baseline.Peers
	Answers  baseline.Peers // the same, of answers that are much larger than usual in an hour
	Days     baseline.SizePeers
}

// clients is about how many clients were learned from; those that come for weeks count for some.
func (h *habit) clients() float64 { return h.Counts[measureRequests].Weight }

// serviceHabits are those of a service.
type serviceHabits struct {
	Name  uint64 // hash; 0 where free
	Kinds [habitKinds]habit
}

// habits is what all clients together taught about what clients do, and how surprising their windows were.
type habits struct {
	Services [habitServices]serviceHabits
	Meters   [classes]baseline.Meter
	Spreads  [measures][hourTests]baseline.Calibration
	Breadths [breadths]baseline.Meter
	Leaks    [leaks]baseline.Meter
	Sizes    [answerRoutes]answerSizes
}

// place is that of the habits that a client of the running event shares.
func (h *habits) place(o *Observation) uint8 {
	name := o.HostHash
	if o.Event.Service != "" {
		name = xxh3.HashString(o.Event.Service)
	}
	kind := 0
	if o.Kind == event.KindPrincipal {
		kind = 1
	}
	return uint8(h.service(name|1)*habitKinds + kind)
}

// service finds or makes the place of a service.
func (h *habits) service(name uint64) int {
	for i := 1; i < habitServices; i++ {
		switch h.Services[i].Name {
		case name:
			return i
		case 0:
			h.Services[i].Name = name
			return i
		}
	}
	h.Services[0].Name = 1
	return 0
}

func (h *habits) at(place uint8) *habit {
	return &h.Services[place/habitKinds%habitServices].Kinds[place%habitKinds]
}

func (h *habits) appendTo(w *writer) {
	w.u32(uint32(len(memory(&h.Services[0]))))
	appendSparse(w, h.Services[:], func(s *serviceHabits) bool { return s.Name != 0 })
	w.raw(memory(&h.Meters))
	w.raw(memory(&h.Spreads))
	w.raw(memory(&h.Breadths))
	w.raw(memory(&h.Leaks))
	appendSparse(w, h.Sizes[:], func(a *answerSizes) bool { return a.Route != 0 })
}

// readFrom leaves the habits unlearned where they were saved in another shape, or not at all.
func (h *habits) readFrom(r *reader) error {
	if len(r.b) == 0 {
		return nil // a snapshot from before there were habits
	}
	if size := r.u32(); size != uint32(len(memory(&h.Services[0]))) {
		return errors.New("habits of another shape")
	}
	readSparse(r, h.Services[:])
	copy(memory(&h.Meters), r.take(len(memory(&h.Meters))))
	copy(memory(&h.Spreads), r.take(len(memory(&h.Spreads))))
	copy(memory(&h.Breadths), r.take(len(memory(&h.Breadths))))
	copy(memory(&h.Leaks), r.take(len(memory(&h.Leaks))))
	readSparse(r, h.Sizes[:])
	return nil
}
