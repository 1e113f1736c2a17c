// Package format says what an access-log format is: how it is recognised and how one of its lines becomes an event. The
// formats themselves are in packages text and jsonlog; the choice between them is made by package accesslog.
package format

import "gatewatch/internal/event"

// Definition is one access-log format: an immutable value, shared by every source that speaks it.
type Definition struct {
	// Name is the format's name for people and for --format: lower case, hyphens ("nginx-combined", "envoy-json").
	Name string
	// About is one sentence for `--format` help and the reference: who writes it and from where its layout is known.
	About string
	// New makes the parser of one source.
	New func() Parser
}

// Parser reads the lines of one source. It may remember what the lines have in common (the order of JSON keys, a header
// line), never what they mean. One goroutine owns a Parser.
type Parser interface {
	// Parse reads one line, without its line end, into e, which has been reset. Strings of e may alias line and the
	// parser's own memory and hold until the next call. The error is a Reason; SkipLine when the line is well-formed and
	// carries no request (a header, a comment, a record of another kind).
	Parse(line []byte, e *event.Event) error
}
