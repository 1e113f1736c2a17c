// Package accesslog turns the records of a source into events: it opens what shippers put around lines, recognises the
// format of each line, parses it, and says why where it cannot. The formats themselves are in packages text and jsonlog,
// the envelopes in package envelope.
package accesslog

import (
	"fmt"

	"gatewatch/internal/accesslog/envelope"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog"
	"gatewatch/internal/event"
)

// Sink receives what a Decoder makes of a record. Event, line and all their texts hold until it returns: Clone what is
// to be kept.
type Sink interface {
	// Event receives an event, its client resolved and its secrets replaced as configured.
	Event(e *event.Event)
	// Reject receives a line that gave no event, and the reason. The line may contain secrets.
	Reject(reason format.Reason, line []byte)
}

// candidate is a format and, once it was needed, its parser.
type candidate struct {
	format.Definition
	parser format.Parser
	events uint64
}

// Decoder reads the records of one source. It remembers which formats and envelopes the source speaks, so that the next
// line costs no recognition. What a line gives does not depend on that memory, with two exceptions: header lines name the
// columns of the lines after them, and a long run of lines that only combined-plus takes is not doubted at every line.
// One goroutine owns a Decoder.
type Decoder struct {
	// Origin is where the next record comes from; its events get it, with the line's number within the record.
	Origin event.Origin
	// Trust is the span of times that are believed. Who reads a live source moves it on with the clock.
	Trust event.Trust

	cfg     Config
	formats []candidate // custom, JSON, text
	json    int         // index of the first JSON format
	text    int         // index of the first text format
	forced  int         // index of the forced format, or -1
	weak    int         // index of the format that takes what others read better
	columns bool        // a header line has announced columns

	recogniser jsonlog.Recogniser
	opener     *envelope.Opener
	levels     [envelope.MaxLevels + 1]level
	event      event.Event
	sink       Sink

	stats      Stats
	otlpEvents uint64
}

// weakFormat accepts lines that more specific formats read better, so it must never be tried before them.
const weakFormat = "combined-plus"

// New makes the decoder of one source.
func New(cfg Config) (*Decoder, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("making decoder: %w", err)
	}
	cfg = cfg.withDefaults()
	d := &Decoder{
		Trust: cfg.Trust, cfg: cfg, forced: -1, weak: -1,
		json: len(cfg.Custom), text: len(cfg.Custom) + len(jsonlog.Definitions()),
		opener: envelope.New(cfg.MaxLine),
	}
	for i, def := range cfg.definitions() {
		d.formats = append(d.formats, candidate{Definition: def})
		if def.Name == cfg.Format {
			d.forced = i
		}
		if def.Name == weakFormat {
			d.weak = i
		}
	}
	for i := range d.levels {
		d.levels[i] = level{decoder: d, depth: i}
	}
	return d, nil
}

// Decode reads one record: a line, several lines, or an envelope around them.
func (d *Decoder) Decode(record []byte, sink Sink) {
	d.stats.Records++
	d.Origin.Ordinal = 0
	d.sink = sink
	d.levels[0].context = envelope.Context{}
	d.record(record, 0)
	d.sink = nil
}

// parse has a format read the line into the decoder's event.
func (d *Decoder) parse(i int, line []byte) format.Reason {
	f := &d.formats[i]
	if f.parser == nil {
		f.parser = f.New()
	}
	d.event.Reset()
	err := f.parser.Parse(line, &d.event)
	if err == nil {
		return format.ReasonNone
	}
	return reasonOf(err)
}

// reasonOf is the reason that an error of a parser is.
func reasonOf(err error) format.Reason {
	reason, ok := err.(format.Reason) //nolint:errorlint // by the contract the error is a Reason itself; this is hot
	switch {
	case !ok:
		return format.BadSyntax
	case reason == format.ReasonNone:
		return format.UnknownFormat
	default:
		return reason
	}
}

// accept hands the decoder's event, which a format made of the line, to the sink.
func (d *Decoder) accept(i, depth int, line []byte) {
	d.levels[depth].context.Fill(&d.event)
	if d.emit(&d.event, line) {
		d.formats[i].events++
	}
}

// emit hands an event to the sink unless its time is beyond trust.
func (d *Decoder) emit(e *event.Event, line []byte) bool {
	switch d.Trust.Check(e.Time) {
	case event.TimePast:
		d.reject(format.TimePast, line)
		return false
	case event.TimeFuture:
		d.reject(format.TimeFuture, line)
		return false
	case event.TimeTrusted:
	}
	e.Origin = d.Origin
	if d.cfg.Resolver != nil {
		d.cfg.Resolver.Resolve(e)
	}
	if d.cfg.Redactor != nil {
		d.cfg.Redactor.Redact(e)
	}
	d.count()
	d.stats.Events++
	d.sink.Event(e)
	return true
}

func (d *Decoder) reject(reason format.Reason, line []byte) {
	d.count()
	d.stats.Rejected[reason]++
	d.sink.Reject(reason, line)
}

func (d *Decoder) skip() {
	d.count()
	d.stats.Skipped++
}

// count counts a line. Its number in the record is part of the event's identity, so every line has one, whatever became
// of it: a format that later learns to read a line must not rename the others' events.
func (d *Decoder) count() {
	d.stats.Lines++
	d.Origin.Ordinal++
}
