package route

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"gatewatch/internal/event"
)

// Rule gives the paths that match a pattern a purpose. A pattern is a path of globs, segment by segment and without
// regard to case: "*" is one segment, "**" any number of them (first or last only), "name*" a segment's beginning and
// "*name" its end. At least one segment is a plain name or begins with one.
type Rule struct {
	Pattern string
	Purpose Purpose
}

const (
	maxPattern = 16 // segments of a pattern, and those of a path that are looked at
	prefixLen  = 4  // bytes of a "name*" segment that are hashed
)

// pattern is a compiled rule.
type pattern struct {
	segments []string // lower case, without "**"
	open     bool     // "**" first: may start anywhere
	ends     bool     // no "**" last: must reach the path's end
	anchor   int      // the segment by whose hash the pattern is found
	purpose  Purpose
}

// Classifier tells the purpose of paths. It is immutable and may be shared.
//
// A pattern is found by the hash of its rarest segment, so that a path costs a hash and a look into a table for each of its
// segments, whatever the number of rules.
type Classifier struct {
	names    anchors
	prefixes anchors
	static   map[uint32]string
}

// maxRules keeps the table's 16-bit links sound.
const maxRules = 1 << 15

// NewClassifier compiles rules, which add to each other; DefaultRules are a good start.
func NewClassifier(rules []Rule) (*Classifier, error) {
	c := &Classifier{static: map[uint32]string{}}
	for _, x := range staticExts {
		c.static[foldHash(x)] = x
	}
	if len(rules) > maxRules {
		return nil, fmt.Errorf("%d purpose patterns: want at most %d", len(rules), maxRules)
	}
	var errs []error
	for _, r := range rules {
		if err := c.add(r); err != nil {
			errs = append(errs, fmt.Errorf("purpose pattern %q: %w", r.Pattern, err))
		}
	}
	return c, errors.Join(errs...)
}

func (c *Classifier) add(r Rule) error {
	if r.Purpose == 0 {
		return errors.New("no purpose")
	}
	if !strings.HasPrefix(r.Pattern, "/") {
		return errors.New("want a leading slash")
	}
	p := pattern{purpose: r.Purpose, ends: true}
	segs := strings.Split(strings.ToLower(r.Pattern[1:]), "/")
	if segs[0] == "**" {
		p.open, segs = true, segs[1:]
	}
	if n := len(segs); n > 0 && segs[n-1] == "**" {
		p.ends, segs = false, segs[:n-1]
	}
	if len(segs) == 0 || len(segs) > maxPattern {
		return fmt.Errorf("%d segments: want 1 to %d", len(segs), maxPattern)
	}
	p.segments, p.anchor = segs, -1
	prefix := false
	for i, s := range segs {
		switch star := strings.IndexByte(s, '*'); {
		case s == "" || s == "**" || strings.Count(s, "*") > 1 || star > 0 && star < len(s)-1:
			return fmt.Errorf("segment %q: want a name, *, name* or *name", s)
		case star < 0 && (p.anchor < 0 || prefix || len(s) >= len(segs[p.anchor])):
			p.anchor, prefix = i, false
		case star >= prefixLen && p.anchor < 0:
			p.anchor, prefix = i, true
		}
	}
	if p.anchor < 0 {
		return fmt.Errorf("want a segment without a star, or with %d characters before it", prefixLen)
	}
	c.index(p, prefix)
	return nil
}

func (c *Classifier) index(p pattern, prefix bool) {
	name := p.segments[p.anchor]
	if prefix {
		c.prefixes.add(foldHash(name[:prefixLen]), p)
		return
	}
	c.names.add(foldHash(name), p)
}

// anchors finds patterns by the hash of their anchor: a table of chains, most of them empty.
type anchors struct {
	heads [anchorHeads]uint16 // 1 + index of the chain's first anchor
	all   []anchor
}

type anchor struct {
	hash     uint32
	next     uint16
	patterns []pattern
}

const anchorHeads = 1024 // a power of two, some times the number of names

func (a *anchors) add(h uint32, p pattern) {
	head := &a.heads[h%anchorHeads]
	for at := *head; at != 0; at = a.all[at-1].next {
		if a.all[at-1].hash == h {
			a.all[at-1].patterns = append(a.all[at-1].patterns, p)
			return
		}
	}
	a.all = append(a.all, anchor{hash: h, next: *head, patterns: []pattern{p}})
	*head = uint16(len(a.all))
}

func (a *anchors) find(h uint32) []pattern {
	for at := a.heads[h%anchorHeads]; at != 0; at = a.all[at-1].next {
		if a.all[at-1].hash == h {
			return a.all[at-1].patterns
		}
	}
	return nil
}

// foldHash hashes a name without regard to ASCII case: a step for each byte that costs two cycles, and one multiplication
// that spreads the bits. It only finds candidates, which are then compared.
func foldHash(s string) uint32 {
	h := uint64(0)
	for i := range len(s) {
		h = hashStep(h, folded[s[i]])
	}
	return hashEnd(h)
}

func hashStep(h uint64, c byte) uint64 { return bits.RotateLeft64(h, 7) ^ uint64(c) }

func hashEnd(h uint64) uint32 { return uint32(h * 0x9e3779b97f4a7c15 >> 32) }

var folded = func() (t [256]byte) {
	for c := range 256 {
		t[c] = lower(byte(c))
	}
	return t
}()

// Purpose tells what the path of e is for; it depends on the path only.
func (c *Classifier) Purpose(e *event.Event) Purpose {
	path := originForm(e.Path)
	if path == "" {
		return 0
	}
	var buf [maxDecoded]byte
	if len(path) <= maxDecoded && strings.IndexByte(path, '%') >= 0 {
		path = view(appendDecoded(buf[:0], path))
	}
	p := c.match(path)
	if !p.Any(Static | API | Health | WellKnown | Token) {
		p |= Page
	}
	return p
}

// match looks every segment up by its hash while it goes along.
func (c *Classifier) match(path string) (found Purpose) {
	var segs [maxPattern]string
	var whole, start [maxPattern]uint32
	n := 0
	for i := 0; i < len(path) && n < maxPattern; i++ {
		from, end := i, -1
		h, head := uint64(0), uint64(0)
		for ; i < len(path) && path[i] != '/'; i++ {
			if path[i] == ';' && end < 0 {
				end = i
			}
			if end >= 0 {
				continue
			}
			h = hashStep(h, folded[path[i]])
			if i-from == prefixLen-1 {
				head = h
			}
		}
		if end < 0 {
			end = i
		}
		if s := path[from:end]; s != "" && s != "." {
			segs[n], whole[n], start[n] = s, hashEnd(h), hashEnd(head)
			n++
		}
	}
	for i := range n {
		found |= verify(c.names.find(whole[i]), segs[:n], i)
		found |= verify(c.prefixes.find(start[i]), segs[:n], i)
	}
	if n > 0 && c.asset(segs[n-1]) {
		found |= Static
	}
	return found
}

func (c *Classifier) asset(name string) bool {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || len(name)-i > 6 {
		return false
	}
	x := c.static[foldHash(name[i:])]
	return x != "" && strings.EqualFold(x, name[i:])
}

// verify is the purposes of the patterns that match segs with their anchor at position at.
func verify(patterns []pattern, segs []string, at int) (found Purpose) {
	for i := range patterns {
		p := &patterns[i]
		from := at - p.anchor
		if from < 0 || !p.open && from > 0 || from+len(p.segments) > len(segs) || p.ends && from+len(p.segments) < len(segs) {
			continue
		}
		if matchAll(p.segments, segs[from:]) {
			found |= p.purpose
		}
	}
	return found
}

func matchAll(globs, segs []string) bool {
	for i, g := range globs {
		if !matchOne(g, segs[i]) {
			return false
		}
	}
	return true
}

func matchOne(g, s string) bool {
	switch {
	case g == "*":
		return true
	case g[0] == '*':
		return hasSuffixFold(s, g[1:])
	case g[len(g)-1] == '*':
		return len(s) >= len(g)-1 && strings.EqualFold(s[:len(g)-1], g[:len(g)-1])
	default:
		return strings.EqualFold(s, g)
	}
}
