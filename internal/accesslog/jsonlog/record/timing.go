package record

import (
	"bytes"
	"math"
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

func (p *parser) setTime(o *op, raw []byte) format.Reason {
	ns, ok := p.instant(raw, o.in)
	if !ok {
		return format.BadTime
	}
	switch o.to {
	case EndTime:
		p.end = ns
		if p.timed {
			return format.ReasonNone
		}
	case StartTime:
		p.start = ns
	default:
	}
	p.event.Time, p.timed = ns, true
	return format.ReasonNone
}

// completeTimes puts together what two values tell.
func (p *parser) completeTimes() {
	if !p.timed && p.date != nil {
		p.event.Time, p.timed = p.clock.Date(p.date, p.clockText)
	}
	if p.start == 0 || p.end < p.start || p.event.Has(event.FieldDuration) {
		return
	}
	// From two times in whole seconds a duration would be made up.
	if p.start%int64(time.Second) != 0 || p.end%int64(time.Second) != 0 {
		p.event.SetDuration((p.end - p.start) / int64(time.Microsecond))
	}
}

// instant reads a time as nanoseconds since the Unix epoch.
func (p *parser) instant(raw []byte, in Unit) (int64, bool) {
	switch in {
	case Seconds:
		return lex.Epoch(raw, time.Second)
	case Millis:
		return lex.Epoch(raw, time.Millisecond)
	case Micros:
		return lex.Epoch(raw, time.Microsecond)
	case Nanos:
		return lex.Epoch(raw, time.Nanosecond)
	case CLF:
		return p.clock.CLF(raw)
	case AnyTime:
		return p.anyInstant(raw)
	default:
		return p.clock.ISO(raw)
	}
}

// anyInstant reads whatever a writer of its own format may have chosen. A number's unit is told by its size, which for
// the times of a log is unambiguous: seconds reach 1e11 in the year 5138, milliseconds passed it in 1973.
func (p *parser) anyInstant(raw []byte) (int64, bool) {
	if ns, ok := p.clock.ISO(raw); ok {
		return ns, true
	}
	if raw[0]-'0' <= 9 {
		if ns, ok := p.epoch(raw); ok {
			return ns, true
		}
	}
	if raw[0] == '[' && raw[len(raw)-1] == ']' {
		raw = raw[1 : len(raw)-1]
	}
	if ns, ok := p.clock.CLF(raw); ok {
		return ns, true
	}
	return p.slashed(raw)
}

func (p *parser) epoch(raw []byte) (int64, bool) {
	v, ok := lex.Decimal(raw, 1)
	switch {
	case !ok:
		return 0, false
	case v < 1e11:
		return lex.Epoch(raw, time.Second)
	case v < 1e14:
		return lex.Epoch(raw, time.Millisecond)
	case v < 1e17:
		return lex.Epoch(raw, time.Microsecond)
	default:
		return lex.Epoch(raw, time.Nanosecond)
	}
}

// slashed reads 2006/01/02 15:04:05.
func (p *parser) slashed(raw []byte) (int64, bool) {
	var b [40]byte
	if len(raw) < len("2006/01/02") || len(raw) > len(b) || raw[4] != '/' || raw[7] != '/' {
		return 0, false
	}
	n := copy(b[:], raw)
	b[4], b[7] = '-', '-'
	return p.clock.ISO(b[:n])
}

// microseconds reads a duration; negative for a list in which nothing was measured.
func microseconds(raw []byte, in Unit) (int64, bool) {
	switch in {
	case Seconds:
		return lex.Decimal(raw, 1e6)
	case Millis, MillisOrUnset:
		return lex.Decimal(raw, 1e3)
	case Nanos:
		ns, ok := whole(raw)
		return ns / 1e3, ok
	case SecondsList:
		return sumOfList(raw)
	case Spelled:
		return spelledDuration(raw)
	default:
		return lex.Decimal(raw, 1)
	}
}

// sumOfList adds up nginx's upstream times: "0.001, 0.002 : -".
func sumOfList(raw []byte) (int64, bool) {
	sum := int64(-1)
	for len(raw) > 0 {
		one := raw
		if n := bytes.IndexAny(raw, ",:"); n >= 0 {
			one, raw = raw[:n], raw[n+1:]
		} else {
			raw = nil
		}
		if one = bytes.TrimSpace(one); absent(one) {
			continue
		}
		us, ok := lex.Decimal(one, 1e6)
		if !ok || us > math.MaxInt64/2 || sum > math.MaxInt64/2 {
			return 0, false
		}
		sum = max(sum, 0) + us
	}
	return sum, true
}

// spelledDuration reads 0.058927s, 2.7µs or 1m2.5s, and a bare number of seconds.
func spelledDuration(raw []byte) (int64, bool) {
	var sum int64
	for len(raw) > 0 {
		n := numberLen(raw)
		end := n
		for end < len(raw) && raw[end]-'0' > 9 && raw[end] != '.' {
			end++
		}
		ns, ok := lex.Decimal(raw[:n], int64(unitOf(raw[n:end])))
		if !ok || ns > math.MaxInt64/2 || sum > math.MaxInt64/2 {
			return 0, false
		}
		sum += ns
		raw = raw[end:]
	}
	return (sum + 500) / 1e3, true
}

// numberLen is the length of the digits and points that raw begins with; the whole of it where it is one number, with an
// exponent perhaps.
func numberLen(raw []byte) int {
	if last := raw[len(raw)-1]; last-'0' <= 9 {
		return len(raw)
	}
	n := 0
	for n < len(raw) && (raw[n]-'0' <= 9 || raw[n] == '.') {
		n++
	}
	return n
}

// unitOf is a unit by its name; negative, which no number is multiplied by, for a name that is none.
func unitOf(name []byte) time.Duration {
	switch string(name) {
	case "", "s":
		return time.Second
	case "ms":
		return time.Millisecond
	case "us", "µs", "μs":
		return time.Microsecond
	case "ns":
		return time.Nanosecond
	case "m":
		return time.Minute
	case "h":
		return time.Hour
	default:
		return -1
	}
}
