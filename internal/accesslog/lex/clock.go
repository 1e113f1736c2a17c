package lex

import (
	"encoding/binary"
	"math"
)

const (
	second    = int64(1e9)
	minute    = 60
	hour      = 60 * minute
	day       = 24 * hour
	maxSecond = math.MaxInt64/second - 1 // in the year 2262; its negative is in 1677
)

// Clock reads the times of one source. It remembers the last date and zone it read, because the next line has nearly
// always the same ones, so that a repeated date costs a comparison. One goroutine owns a Clock. The zero value is ready.
type Clock struct {
	// Zone is in force where a time names none, in seconds east of UTC.
	Zone int64

	clf cachedDate
	iso cachedDate

	zoneHead uint32 // the last numeric zone, "+0200": the sign and three digits, and the fourth
	zoneTail byte
	zoneSecs int64
}

// cachedDate is a date as it was written, in two words that overlap, and its midnight in seconds since the epoch.
type cachedDate struct {
	head, tail uint64
	midnight   int64
	known      bool
}

const (
	clfDate  = "02/Jan/2006"
	isoDate  = "2006-01-02"
	timeOnly = "15:04:05"
)

// CLF parses the time of the common log format, 10/Oct/2000:13:55:36 -0700, without the brackets, with or without a
// fraction of a second and a zone, as nanoseconds since the Unix epoch.
func (c *Clock) CLF(b []byte) (int64, bool) {
	if len(b) < len(clfDate)+1+len(timeOnly) || b[len(clfDate)] != ':' {
		return 0, false
	}
	head, tail := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[len(clfDate)-8:])
	if head != c.clf.head || tail != c.clf.tail || !c.clf.known {
		midnight, ok := clfMidnight(b)
		if !ok {
			return 0, false
		}
		c.clf = cachedDate{head, tail, midnight, true}
	}
	return c.finish(c.clf.midnight, b[len(clfDate)+1:])
}

// ISO parses a time of RFC 3339, 2006-01-02T15:04:05.999Z, and its relatives: a space in place of T, a comma in place of
// the point, a zone as +02:00, +0200 or +02, also behind a space, or none at all; as nanoseconds since the Unix epoch.
func (c *Clock) ISO(b []byte) (int64, bool) {
	if len(b) < len(isoDate)+1+len(timeOnly) {
		return 0, false
	}
	if t := b[len(isoDate)]; t != 'T' && t != ' ' && t != 't' {
		return 0, false
	}
	head, tail := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[len(isoDate)-8:])
	if head != c.iso.head || tail != c.iso.tail || !c.iso.known {
		midnight, ok := isoMidnight(b)
		if !ok {
			return 0, false
		}
		c.iso = cachedDate{head, tail, midnight, true}
	}
	return c.finish(c.iso.midnight, b[len(isoDate)+1:])
}

// Date parses a date and a time of day that stand apart, 2006-01-02 and 15:04:05.
func (c *Clock) Date(date, clock []byte) (int64, bool) {
	var b [len(isoDate) + 1 + len(timeOnly) + len(".999999999")]byte
	if len(date) != len(isoDate) || len(clock) > len(b)-len(isoDate)-1 {
		return 0, false
	}
	n := copy(b[:], date)
	b[n] = 'T'
	n++
	n += copy(b[n:], clock)
	return c.ISO(b[:n])
}

// finish adds the time of day, the fraction and the zone to a midnight.
func (c *Clock) finish(midnight int64, b []byte) (int64, bool) {
	secs, ok := timeOfDay(b)
	if !ok {
		return 0, false
	}
	b = b[len(timeOnly):]
	var nanos int64
	if len(b) > 0 && (b[0] == '.' || b[0] == ',') {
		if nanos, b, ok = fraction(b[1:]); !ok {
			return 0, false
		}
	}
	zone, ok := c.zone(b)
	secs += midnight - zone
	if !ok || secs < -maxSecond || secs > maxSecond {
		return 0, false
	}
	return secs*second + nanos, true
}

// timeOfDay reads 13:55:36, eight bytes at once. A leap second, 60, is the first one of the next minute.
func timeOfDay(b []byte) (int64, bool) {
	const zeros, high = 0x30303a30303a3030, 0x8080808080808080
	const colons, beyond9 = 0x0000ff0000ff0000, 0x7676767676767676
	v := binary.LittleEndian.Uint64(b) ^ zeros
	if v&colons != 0 || (v|(v+beyond9))&high != 0 {
		return 0, false
	}
	v = v*10 + v>>8 // each pair of digits becomes a number, in bytes 0, 3 and 6
	h, m, s := int64(v&0xff), int64(v>>24&0xff), int64(v>>48&0xff)
	return h*hour + m*minute + s, h < 24 && m < 60 && s <= 60
}

// fraction reads the digits behind the point: the first nine count.
func fraction(b []byte) (int64, []byte, bool) {
	var v int64
	scale := second
	i := 0
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		scale /= 10 // 0 from the tenth digit on
		v += int64(d) * scale
	}
	return v, b[i:], i > 0
}

func (c *Clock) zone(b []byte) (int64, bool) {
	const numeric = len("+0200")
	if len(b) == 0 {
		return c.Zone, true
	}
	if b[0] == ' ' {
		b = b[1:]
	}
	if len(b) == 1 && b[0]|0x20 == 'z' {
		return 0, true
	}
	if len(b) != numeric {
		return zoneOf(b)
	}
	head, tail := binary.LittleEndian.Uint32(b), b[4]
	if head == c.zoneHead && tail == c.zoneTail && head != 0 {
		return c.zoneSecs, true
	}
	secs, ok := zoneOf(b)
	if ok {
		c.zoneHead, c.zoneTail, c.zoneSecs = head, tail, secs
	}
	return secs, ok
}

// zoneOf reads +02:00, +0200 and +02.
func zoneOf(b []byte) (int64, bool) {
	if len(b) < 3 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	h, ok := twoDigits(b[1:])
	if !ok || h > 23 {
		return 0, false
	}
	rest := b[3:]
	if len(rest) == 3 && rest[0] == ':' {
		rest = rest[1:]
	}
	var m int64
	if len(rest) > 0 {
		if m, ok = twoDigits(rest); !ok || m > 59 || len(rest) != 2 {
			return 0, false
		}
	}
	secs := h*hour + m*minute
	if b[0] == '-' {
		secs = -secs
	}
	return secs, true
}

func twoDigits(b []byte) (int64, bool) {
	if len(b) < 2 {
		return 0, false
	}
	t, u := b[0]-'0', b[1]-'0'
	return int64(t)*10 + int64(u), t <= 9 && u <= 9
}
