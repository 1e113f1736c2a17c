// Package custom compiles the log formats that people write themselves, nginx's log_format and Apache httpd's LogFormat,
// into parsers: literal text and fields in turn, read from left to right.
package custom

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gatewatch/internal/accesslog/text/scan"
)

// Faults of a custom format as a whole.
var (
	errNoFields = errors.New("it has no fields")
	errNoTime   = errors.New("it has no time")
	errNoClient = errors.New("it has no client address")
)

// place is where a variable of a custom format goes.
type place struct {
	to    scan.Slot
	spare bool // only if nothing better fills the same place
	list  bool // see step
}

// builder compiles a custom format.
type builder struct {
	layout  layout
	spare   []bool // by step
	literal strings.Builder
}

// text adds literal text.
func (b *builder) text(s string) { b.literal.WriteString(s) }

// field adds a variable. Two in a row cannot be told apart, with two exceptions: a path and its query string, which are
// one field then, and anything in front of a path, which begins with a slash.
func (b *builder) field(key string, p place) error {
	b.flush()
	if n := len(b.layout.steps); n > 0 && b.layout.steps[n-1].stop == "" {
		last := &b.layout.steps[n-1]
		switch {
		case (last.to == scan.Path || last.to == scan.URI) && (p.to == scan.Args || p.to == scan.Query || key == "is_args"):
			last.to = scan.URI
			return nil
		case p.to == scan.Path || p.to == scan.URI:
			last.stop, last.keep = "/", true
		default:
			return fmt.Errorf("nothing separates %q from %q in front of it", key, last.key)
		}
	}
	b.layout.steps = append(b.layout.steps, step{to: p.to, key: key, list: p.list})
	b.spare = append(b.spare, p.spare)
	return nil
}

// flush puts the literal text behind the last field, or in front of the first.
func (b *builder) flush() {
	if b.literal.Len() == 0 {
		return
	}
	if n := len(b.layout.steps); n > 0 {
		b.layout.steps[n-1].stop = b.literal.String()
	} else {
		b.layout.head = b.literal.String()
	}
	b.literal.Reset()
}

// finish decides which of several candidates fills a place, and checks that the event will have a time and a client.
func (b *builder) finish() (*layout, error) {
	b.flush()
	steps := b.layout.steps
	if len(steps) == 0 {
		return nil, errNoFields
	}
	taken := map[scan.Slot]bool{}
	for _, spares := range []bool{false, true} {
		for i := range steps {
			if b.spare[i] != spares || steps[i].to <= scan.Drop {
				continue
			}
			if g := group(steps[i].to); taken[g] {
				steps[i].to = scan.Unmapped
			} else {
				taken[g] = true
			}
		}
	}
	b.preferRequest(taken)
	for i := range steps[:len(steps)-1] {
		steps[i].time = steps[i+1].to == scan.TimeCLF && strings.HasSuffix(steps[i].stop, "[") &&
			strings.HasPrefix(steps[i+1].stop, "]")
	}
	b.layout.forwarded = !taken[scan.Peer]
	switch {
	case !taken[scan.TimeCLF]:
		return nil, errNoTime
	case !taken[scan.Peer] && !taken[scan.XFF]:
		return nil, errNoClient
	default:
		return &b.layout, nil
	}
}

// preferRequest keeps a path that the server has decoded from taking the place of the one that was sent.
func (b *builder) preferRequest(taken map[scan.Slot]bool) {
	better := []scan.Slot{scan.Request, scan.URI}
	for i := range b.layout.steps {
		st := &b.layout.steps[i]
		if at := slices.Index([]scan.Slot{scan.URI, scan.Path}, st.to); at >= 0 && slices.ContainsFunc(better[:at+1], func(s scan.Slot) bool { return taken[s] }) {
			st.to = scan.Unmapped
		}
	}
}

// group is one scan.Slot for all that fill the same place of the event.
func group(s scan.Slot) scan.Slot {
	switch s {
	case scan.PeerPort:
		return scan.Peer
	case scan.TimeISO, scan.EpochS, scan.EpochMS, scan.EpochUS:
		return scan.TimeCLF
	case scan.BodyCLF:
		return scan.Body
	case scan.TookMS, scan.TookUS:
		return scan.TookS
	case scan.UpstreamMS:
		return scan.UpstreamS
	case scan.Args:
		return scan.Query
	default:
		return s
	}
}
