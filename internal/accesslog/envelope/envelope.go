// Package envelope takes off what shippers put around an access-log line: JSON objects with the line in a member,
// batches, OTLP, syslog, container logs, compression. It says nothing about the line itself; whoever opens an envelope
// decides what is inside and may find another envelope there.
package envelope

import (
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// Kind is a kind of envelope, as far as the first bytes tell it.
type Kind uint8

// The kinds of envelope.
const (
	None       Kind = iota
	Compressed      // gzip or zstd
	Registry        // Confluent's schema-registry prefix: 0x00 and four bytes
	Object          // a JSON object: the line in a member, a batch, OTLP, CloudEvents
	List            // a JSON array of objects
	Protobuf        // an OTLP export in protobuf
	CRI             // a container's log: time, stream, F or P, line
	Syslog          // RFC 5424 or 3164 with or without priority, rsyslog's file format
	Labelled        // a label in front, as docker compose and platforms' routers put it: "web-1  | ", "frontend.0 nginx: "
	Stamped         // an ISO time, a host and perhaps a tag in front: rsyslog's newer file format, Logstash's plain codec
)

// MaxLevels is how many envelopes may be around each other.
const MaxLevels = 4

// MaxInflated is how large a compressed record may become, in bytes.
const MaxInflated = 16 << 20

// Context is what an envelope tells about the lines inside. Its strings hold as long as the lines do.
type Context struct {
	Service string // OTLP's service.name, the name of a Kubernetes container
	TraceID string
	SpanID  string
	// Lines says that the text may be several lines: what was compressed is a whole file.
	Lines bool
}

// Fill adds to an event what its line did not say.
func (c *Context) Fill(e *event.Event) {
	if e.Service == "" {
		e.Service = c.Service
	}
	if e.TraceID == "" {
		e.TraceID = c.TraceID
	}
	if e.SpanID == "" {
		e.SpanID = c.SpanID
	}
}

// Inherit takes from the envelope around this one what this one does not say itself.
func (c *Context) Inherit(outer *Context) {
	if c.Service == "" {
		c.Service = outer.Service
	}
	if c.TraceID == "" {
		c.TraceID = outer.TraceID
	}
	if c.SpanID == "" {
		c.SpanID = outer.SpanID
	}
}

// Inside receives what is in an envelope, in its order. Text and event hold until it returns.
type Inside interface {
	// Line receives a text found inside: a line or another envelope.
	Line(text []byte, c Context)
	// Event receives a request that the envelope itself describes, as OTLP attributes do; text is its source. The reason
	// says what is wrong with it, if anything is.
	Event(e *event.Event, reason format.Reason, text []byte)
}

// Opener opens the envelopes of one source. It keeps memory for the texts it has to rewrite, one per level, and the
// beginnings of container lines that were split. One goroutine owns an Opener.
type Opener struct {
	limit   int // of a joined line, in bytes
	levels  [MaxLevels]level
	inflate inflater
	partial [2]partial // of standard output and standard error
}

// level is the memory of the envelopes at one depth.
type level struct {
	scratch lex.Scratch
	buf     []byte
	event   event.Event
	ids     [48]byte // a trace's and a span's, in hexadecimal
}

// New makes an opener for one source. The limit bounds what is joined from a container's partial lines, in bytes.
func New(limit int) *Opener { return &Opener{limit: limit} }

// Sniff tells the kind of envelope by the first bytes. None is certain; any other kind may yet turn out to be none.
func Sniff(text []byte) Kind {
	if len(text) < 2 {
		return None
	}
	switch c := text[0]; {
	case c == '{':
		return Object
	case c == '[':
		if inner := skipSpace(text[1:]); len(inner) > 0 && inner[0] == '{' {
			return List
		}
		return None
	case c == 0:
		if isRegistry(text) {
			return Registry
		}
		return None
	case c == '\n':
		if isProtobuf(text) {
			return Protobuf
		}
		return None
	case isCompressed(text):
		return Compressed
	case isCRI(text):
		return CRI
	case isSyslog(text):
		return Syslog
	case isoTime(text) > 0:
		return Stamped
	default:
		return None
	}
}

// SniffLoosely is Sniff for a line that no format takes: it also looks for what many a line might begin with, a label.
func SniffLoosely(text []byte) Kind {
	kind := Sniff(text)
	if kind == None && labelEnd(text) > 0 {
		return Labelled
	}
	return kind
}

// Open opens an envelope of the kind that Sniff told, at a level from 0 to MaxLevels-1, and hands in what it holds. The
// reason is ReasonNone when it held something, even if that was rejected; SkipLine when the envelope is well-formed and
// empty; UnknownFormat when it is no envelope after all; else what is wrong with it.
func (o *Opener) Open(kind Kind, text []byte, depth int, in Inside) format.Reason {
	if depth >= MaxLevels {
		return format.TooDeep
	}
	l := &o.levels[depth]
	l.scratch.Reset()
	switch kind {
	case Compressed:
		if depth > 0 { // nobody compresses twice but to make a bomb
			return format.BadEncoding
		}
		return o.inflate.open(text, in)
	case Registry:
		in.Line(text[registryPrefix:], Context{})
		return format.ReasonNone
	case Object:
		return l.openObject(text, in)
	case List:
		return openList(text, in)
	case Protobuf:
		return l.openProtobuf(text, in)
	case CRI:
		return o.openCRI(text, in)
	case Syslog, Stamped:
		return openSyslog(text, in)
	case Labelled:
		in.Line(text[labelEnd(text):], Context{})
		return format.ReasonNone
	default:
		return format.UnknownFormat
	}
}

// IsBatch tells whether an envelope of this kind may hold many lines, and so be longer than a line may.
func (k Kind) IsBatch() bool {
	return k == Compressed || k == Registry || k == Protobuf || k == Object || k == List
}

// IsCertain tells whether no access-log format begins like this kind of envelope.
func (k Kind) IsCertain() bool {
	return k == Compressed || k == Registry || k == Protobuf || k == CRI || k == Syslog
}

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\n' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}
