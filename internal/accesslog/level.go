package accesslog

import (
	"gatewatch/internal/accesslog/envelope"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

// maxRecent is how many formats and envelopes are remembered at one level: sources that mix more are rare, and every one
// costs an attempt on each line of an unknown format.
const maxRecent = 4

// route is how a line was read: by a format, or by opening an envelope.
type route struct {
	format   int // index, or -1
	envelope envelope.Kind
}

// level is what the decoder knows of the lines at one depth of envelopes; it receives what the envelopes there hold.
type level struct {
	decoder *Decoder
	depth   int
	context envelope.Context // of the envelope around the line

	recent [maxRecent]route // of text lines, last used first
	known  int
	run    int              // text lines in a row that only the weak format took
	shapes [maxRecent]shape // of JSON lines
	next   int              // shape to be replaced next
	mended []byte           // the last JSON line that had to be mended
}

// shape is the route of JSON lines whose first keys are the same.
type shape struct {
	signature uint64 // 0 for none
	route     route
}

// Line implements envelope.Inside for the envelope that was opened at this level.
func (l *level) Line(text []byte, c envelope.Context) {
	inner := &l.decoder.levels[l.depth+1]
	inner.context = c
	inner.context.Inherit(&l.context)
	if c.Lines {
		l.decoder.record(text, l.depth+1)
		return
	}
	l.decoder.line(text, l.depth+1)
}

// Event implements envelope.Inside.
func (l *level) Event(e *event.Event, reason format.Reason, text []byte) {
	d := l.decoder
	if reason != format.ReasonNone {
		d.reject(reason, text)
		return
	}
	l.context.Fill(e)
	if d.emit(e, text) {
		d.otlpEvents++
	}
}

// promote remembers a route as the last used.
func (l *level) promote(r route) {
	at := 0
	for at < l.known && l.recent[at] != r {
		at++
	}
	if at == l.known && l.known < maxRecent {
		l.known++
	}
	at = min(at, maxRecent-1)
	copy(l.recent[1:at+1], l.recent[:at])
	l.recent[0] = r
}

// The weak format is tried first after a run of lines that no other took; every so often such a line is doubted again.
const (
	weakRun   = 1024
	weakDoubt = 64
)

// weak tells whether the weak format may be tried before the others.
func (l *level) weak() bool {
	if l.run < weakRun {
		return false
	}
	l.run++
	return l.run%weakDoubt != 0
}

// settled remembers what a line was after all formats had been tried.
func (l *level) settled(r route, weak bool) {
	if weak {
		l.run = min(l.run+1, weakRun)
		return
	}
	l.run = 0
	l.promote(r)
}

// shape finds the route of lines with these first keys.
func (l *level) shape(signature uint64) (route, bool) {
	for i := range l.shapes {
		if l.shapes[i].signature == signature && signature != 0 {
			return l.shapes[i].route, true
		}
	}
	return route{}, false
}

// learn remembers the route of lines with these first keys, in place of the oldest one.
func (l *level) learn(signature uint64, r route) {
	if signature == 0 {
		return
	}
	for i := range l.shapes {
		if l.shapes[i].signature == signature {
			l.shapes[i].route = r
			return
		}
	}
	l.shapes[l.next] = shape{signature, r}
	l.next = (l.next + 1) % maxRecent
}
