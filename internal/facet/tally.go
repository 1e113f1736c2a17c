package facet

import (
	"encoding/binary"
	"math"
	"math/bits"

	"gatewatch/internal/protowire"
)

// Tally is what the requests of one entity came to in one span of event time, as one partition of the first stage saw
// them. Where an entity is hot, such as a service, one of these stands for thousands of facets. The facet's event names
// the entity, and its time is the end of the span; all that came of the entity from the one tally to the next is in them,
// nothing included.
type Tally struct {
	From      int64 // start of the span, nanoseconds since the epoch; 0 in a facet that is no tally
	Requests  uint64
	Refused   uint64 // answered 4xx
	Failed    uint64 // answered 5xx
	Bytes     uint64 // sent, where the log tells
	Durations Durations
	Refusers  Places // clients that were answered 4xx
}

// Places counts clients without naming them: each falls to one of 64 places. It is Whang's linear counting ("A linear-time
// probabilistic counting algorithm", TODS 15, 1990), enough to tell one from some and some from many.
type Places uint64

// Note notes a client, by a hash.
func (p *Places) Note(hash uint64) { *p |= 1 << (hash >> 58) }

// Count is about how many clients there were; of more than two hundred it is not known how many more.
func (p Places) Count() float64 {
	free := bits.OnesCount64(^uint64(p))
	return 64 * math.Log(64/max(float64(free), 0.75))
}

// DurationSlots is how many slots durations are sorted into.
const DurationSlots = 40

// Durations counts requests by how long they took: slot i holds those of 125 µs·2^((i−1)/2) and more, below the next
// slot's; slot 0 those of less than 125 µs, the last one those of more than a minute. A quantile is known to a factor of √2.
type Durations [DurationSlots]uint32

// shortest is the least duration of slot 1, in microseconds.
const shortest = 125

// DurationSlot is the slot of a duration in microseconds.
func DurationSlot(us int64) int {
	n := uint64(max(us, 0)) / shortest
	if n == 0 {
		return 0
	}
	octave := bits.Len64(n) - 1
	if octave >= DurationSlots/2-1 {
		return DurationSlots - 1
	}
	slot := 1 + 2*octave
	if exact := uint64(us); exact*exact >= 2*(shortest<<octave)*(shortest<<octave) {
		slot++ // beyond √2 times the octave's start
	}
	return slot
}

// DurationOf is the middle of a slot, in microseconds.
func DurationOf(slot int) float64 {
	return shortest * math.Exp2((float64(slot)-0.5)/2)
}

// Total is how many requests told how long they took.
func (d *Durations) Total() (n uint64) {
	for _, c := range d {
		n += uint64(c)
	}
	return n
}

// Add adds another's counts.
func (d *Durations) Add(o *Durations) {
	for i, c := range o {
		d[i] = uint32(min(uint64(d[i])+uint64(c), math.MaxUint32))
	}
}

// The field numbers of the message gatewatch.facet.v1.Tally.
const (
	numFrom      = 1
	numRequests  = 2
	numRefused   = 3
	numFailedTo  = 4
	numSent      = 5
	numDurations = 6
	numRefusers  = 7
)

// maxTally is more bytes than a message of a tally has: six numbers, and the slots.
const maxTally = 6*11 + 3 + DurationSlots*5

func (t *Tally) appendProto(b []byte) []byte {
	var room [maxTally]byte
	m := appendNumber(room[:0], numFrom, uint64(t.From))
	m = appendNumber(m, numRequests, t.Requests)
	m = appendNumber(m, numRefused, t.Refused)
	m = appendNumber(m, numFailedTo, t.Failed)
	m = appendNumber(m, numSent, t.Bytes)
	m = appendNumber(m, numRefusers, uint64(t.Refusers))
	last := len(t.Durations)
	for last > 0 && t.Durations[last-1] == 0 {
		last--
	}
	if last > 0 {
		var packed [DurationSlots * 5]byte
		p := packed[:0]
		for _, n := range t.Durations[:last] {
			p = binary.AppendUvarint(p, uint64(n))
		}
		m = protowire.AppendBytes(m, numDurations, p)
	}
	return protowire.AppendBytes(b, numTally, m)
}

func (t *Tally) unmarshalProto(b []byte) error {
	fields := protowire.Walk(b)
	for fields.Next() {
		at := &fields.At
		switch {
		case at.Kind == protowire.Bytes && at.Number == numDurations:
			if !t.Durations.unpack(at.Bytes) {
				return errMalformed
			}
		case at.Kind == protowire.Varint && at.Number == numDurations:
			return errMalformed // a writer that does not pack: there is none
		case at.Kind == protowire.Varint:
			t.setNumber(at.Number, at.Value)
		}
	}
	if fields.Bad() {
		return errMalformed
	}
	return nil
}

func (t *Tally) setNumber(number, v uint64) {
	switch number {
	case numFrom:
		t.From = int64(v)
	case numRequests:
		t.Requests = v
	case numRefused:
		t.Refused = v
	case numFailedTo:
		t.Failed = v
	case numSent:
		t.Bytes = v
	case numRefusers:
		t.Refusers = Places(v)
	}
}

// unpack reads the counts of slots; those of slots that are not known yet are left out.
func (d *Durations) unpack(b []byte) bool {
	for i := 0; len(b) > 0; i++ {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return false
		}
		if b = b[n:]; i < len(d) {
			d[i] = uint32(min(v, math.MaxUint32))
		}
	}
	return true
}
