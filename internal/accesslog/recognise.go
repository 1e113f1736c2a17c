package accesslog

import (
	"bytes"

	"gatewatch/internal/accesslog/envelope"
	"gatewatch/internal/accesslog/format"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// record reads a record that may be several lines. A JSON object may span lines; then the whole is one.
func (d *Decoder) record(text []byte, depth int) {
	if isProtobuf(text) { // nothing is trimmed then: its first byte is that of a line feed
		if reason := d.open(envelope.Protobuf, text, depth); reason != format.ReasonNone {
			d.reject(reason, text)
		}
		return
	}
	text = trim(text)
	if len(text) > envelope.MaxInflated {
		d.reject(format.TooLong, text)
		return
	}
	if bytes.IndexByte(text, '\n') < 0 || isBinary(text) || isWholeJSON(text) {
		d.line(text, depth)
		return
	}
	for len(text) > 0 {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte{'\n'})
		d.line(line, depth)
	}
}

func isProtobuf(text []byte) bool {
	return len(text) > 0 && text[0] == '\n' && len(text) <= envelope.MaxInflated && envelope.Sniff(text) == envelope.Protobuf
}

func isBinary(text []byte) bool {
	kind := envelope.Sniff(text)
	return kind == envelope.Compressed || kind == envelope.Registry
}

// line reads one line, or the envelope around it.
func (d *Decoder) line(text []byte, depth int) {
	text = trim(text)
	switch {
	case len(text) == 0:
		d.skip()
	case len(text) > d.cfg.MaxLine:
		d.long(text, depth)
	case text[0] == '#':
		d.directive(text, depth)
	case d.forced >= 0:
		d.force(text, depth)
	case text[0] == '{':
		d.object(text, depth)
	default:
		d.plain(text, depth)
	}
}

// long reads a text that is too long for a line but may be a batch of them.
func (d *Decoder) long(text []byte, depth int) {
	kind := envelope.Sniff(text)
	if !kind.IsBatch() || d.open(kind, text, depth) != format.ReasonNone {
		d.reject(format.TooLong, text)
	}
}

// open opens an envelope. Only ReasonNone and SkipLine mean that the text has been dealt with.
func (d *Decoder) open(kind envelope.Kind, text []byte, depth int) format.Reason {
	if kind == envelope.None {
		return format.UnknownFormat
	}
	reason := d.opener.Open(kind, text, depth, &d.levels[depth])
	if reason == format.SkipLine {
		d.skip()
		return format.ReasonNone
	}
	return reason
}

// tryOpen opens what begins like an envelope and like nothing else; false when it is none after all.
func (d *Decoder) tryOpen(kind envelope.Kind, text []byte, depth int) bool {
	switch reason := d.open(kind, text, depth); reason {
	case format.ReasonNone:
	case format.UnknownFormat:
		return false
	default:
		d.reject(reason, text)
	}
	return true
}

// settle does what a format's verdict asks for; false when the line is still to be dealt with.
func (d *Decoder) settle(reason format.Reason, i, depth int, line []byte) bool {
	switch reason {
	case format.ReasonNone:
		d.accept(i, depth, line)
		return true
	case format.SkipLine, format.Empty:
		d.skip()
		return true
	default:
		return false
	}
}

// force reads a line of the configured format, opening envelopes only where it is not.
func (d *Decoder) force(text []byte, depth int) {
	reason := d.parse(d.forced, text)
	if d.settle(reason, d.forced, depth, text) || d.open(envelope.SniffLoosely(text), text, depth) == format.ReasonNone {
		return
	}
	if reason == format.BadSyntax && text[0] == '{' {
		mended, ok := d.levels[depth].mend(text)
		if ok && d.settle(d.parse(d.forced, mended), d.forced, depth, mended) {
			return
		}
	}
	d.reject(reason, text)
}

// object reads a line that begins like a JSON object, mended where it is none.
func (d *Decoder) object(text []byte, depth int) {
	reason := d.wellFormed(text, depth)
	if reason == format.BadSyntax {
		if mended, ok := d.levels[depth].mend(text); ok {
			reason = d.wellFormed(mended, depth)
		}
	}
	if reason != format.ReasonNone {
		d.reject(reason, text)
	}
}

// wellFormed reads a JSON object; ReasonNone when it has been dealt with. Lines with the same first keys go the same
// way; a way that fails once is not taken for granted.
func (d *Decoder) wellFormed(text []byte, depth int) format.Reason {
	l := &d.levels[depth]
	sign := signature(text)
	tried := -1
	first := format.UnknownFormat
	if r, ok := l.shape(sign); ok {
		if r.format < 0 {
			if d.open(r.envelope, text, depth) == format.ReasonNone {
				return format.ReasonNone
			}
		} else if first = d.parse(r.format, text); d.settle(first, r.format, depth, text) {
			return format.ReasonNone
		}
		tried = r.format
	}
	for i := range d.json {
		if i != tried && d.settle(d.parse(i, text), i, depth, text) {
			l.learn(sign, route{format: i})
			return format.ReasonNone
		}
	}
	if i := d.recogniser.Index(text); i >= 0 {
		i += d.json
		if i != tried {
			first = d.parse(i, text)
		}
		if d.settle(first, i, depth, text) {
			l.learn(sign, route{format: i})
			return format.ReasonNone
		}
		return first
	}
	return d.openUnknown(text, depth, sign, first)
}

// openUnknown reads a line that no format knows: an envelope, or nothing. ReasonNone means that it has been dealt with.
func (d *Decoder) openUnknown(text []byte, depth int, sign uint64, reason format.Reason) format.Reason {
	kind := envelope.SniffLoosely(text)
	before := d.stats.Events
	opened := d.open(kind, text, depth)
	switch {
	case opened == format.ReasonNone:
		switch {
		case d.stats.Events == before: // it may have been no envelope after all
		case kind == envelope.Object:
			d.levels[depth].learn(sign, route{format: -1, envelope: kind})
		default:
			d.levels[depth].promote(route{format: -1, envelope: kind})
		}
		return format.ReasonNone
	case opened != format.UnknownFormat:
		return opened
	default:
		return reason
	}
}

// directive reads a line that begins with '#', which may announce the columns of the lines to come. Every format gets to
// see it, because which of them will read those lines is not known yet.
func (d *Decoder) directive(text []byte, depth int) {
	announced := false
	for i := range d.formats {
		if i >= d.json && i < d.text {
			continue
		}
		switch d.parse(i, text) {
		case format.ReasonNone: // a custom format whose lines may begin like that
			if d.forced < 0 || d.forced == i {
				d.accept(i, depth, text)
				return
			}
		case format.SkipLine:
			announced = true
		default:
		}
	}
	if announced {
		d.columns = true
		d.skip()
		return
	}
	d.reject(format.UnknownFormat, text)
}

// plain reads a line of text: as the last lines were read, or by whatever format takes it.
func (d *Decoder) plain(text []byte, depth int) {
	kind := envelope.Sniff(text)
	if kind.IsCertain() && d.tryOpen(kind, text, depth) {
		return
	}
	l := &d.levels[depth]
	best := fault{reason: format.UnknownFormat}
	tried := uint64(0)
	for at := range l.known {
		r := l.recent[at]
		if r.format < 0 {
			if r.envelope == envelope.Labelled {
				kind = envelope.SniffLoosely(text)
			}
			if kind == r.envelope && d.open(kind, text, depth) == format.ReasonNone {
				l.promote(r)
				return
			}
			continue
		}
		tried |= 1 << r.format
		reason := d.parse(r.format, text)
		if d.settle(reason, r.format, depth, text) {
			l.promote(r)
			return
		}
		best = d.furthest(best, reason)
	}
	if l.weak() && d.settle(d.parse(d.weak, text), d.weak, depth, text) {
		return
	}
	d.sniff(text, depth, tried, best)
}

// sniff tries the formats that have not been tried, and then the envelopes.
func (d *Decoder) sniff(text []byte, depth int, tried uint64, best fault) {
	l := &d.levels[depth]
	if d.isProse(text) {
		d.unknown(text, depth, best.reason)
		return
	}
	for i := range d.formats {
		if i >= d.json && i < d.text || tried&(1<<i) != 0 {
			continue
		}
		reason := d.parse(i, text)
		if d.settle(reason, i, depth, text) {
			l.settled(route{format: i}, i == d.weak)
			return
		}
		best = d.furthest(best, reason)
	}
	d.unknown(text, depth, best.reason)
}

// unknown reads a line of text that no format takes.
func (d *Decoder) unknown(text []byte, depth int, reason format.Reason) {
	if reason = d.openUnknown(text, depth, 0, reason); reason != format.ReasonNone {
		d.reject(reason, text)
	}
}

// isProse tells a line of text that no format can take: all of them have a quote or a bracket in the line or a digit in
// front, unless a header or the configuration says otherwise; but HAProxy's has sentences too. It keeps a flood of other
// programs' messages cheap.
func (d *Decoder) isProse(text []byte) bool {
	return !d.columns && d.json == 0 && text[0]-'0' > 9 &&
		bytes.IndexByte(text, '"') < 0 && bytes.IndexByte(text, '[') < 0 && !bytes.HasPrefix(text, []byte("Connect from "))
}

// furthest keeps the reason of the format that came furthest in the line. One that had found the time had found its own
// layout, and one that then found a wrong status or number had found everything before it in its place; any other fault
// only says that the line is another format's.
func (d *Decoder) furthest(best fault, reason format.Reason) fault {
	if f := (fault{reason, d.progress(reason)}); f.progress > best.progress {
		return f
	}
	return best
}

// fault is why a format did not take a line, and how far it had come.
type fault struct {
	reason   format.Reason
	progress int
}

func (d *Decoder) progress(r format.Reason) int {
	timed := d.event.Time != 0
	switch {
	case r == format.UnknownFormat:
		return 0
	case timed && (r == format.BadStatus || r == format.BadNumber):
		return 4
	case timed && r == format.Truncated:
		return 3
	case timed:
		return 2
	case r == format.BadTime && (d.event.Peer.IsValid() || d.event.ClientHost != ""):
		return 1
	default:
		return 0
	}
}

// trim takes off what is no part of a line: a byte order mark, the line's end, and NUL bytes, which a crash or a log
// truncated while open leaves in a file.
func trim(b []byte) []byte {
	if len(b) > 0 && b[0] == 0 && envelope.Sniff(b) != envelope.Registry {
		b = bytes.TrimLeft(b, "\x00")
	}
	b = bytes.TrimPrefix(b, byteOrderMark)
	if len(b) > 1 && b[0] == 0x1f && b[1] == 0x8b || len(b) > 3 && b[0] == 0x28 && b[1] == 0xb5 {
		return b // compressed: its last bytes are its own
	}
	for n := len(b); n > 0 && (b[n-1] == '\n' || b[n-1] == '\r' || b[n-1] == 0); n-- {
		b = b[:n-1]
	}
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}
