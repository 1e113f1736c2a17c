package route

import (
	"strings"
	"unicode/utf8"
)

const (
	maxSegments = 12  // deeper paths end in "/…"
	maxLiteral  = 64  // a longer segment is opaque: no route is named like that
	minHex      = 16  // shorter runs of hex digits are words ("facade") or short ids that have digits enough to be opaque
	minToken    = 20  // shorter runs of mixed characters are product names as often as tokens
	minAssetTag = 8   // bundlers put at least eight characters of content hash in a file name
	maxDecoded  = 256 // bytes of one path that are decoded; the rest of a longer one stays as sent
	maxExt      = 5
	maxDigits   = 18 // of a number that fits an int64
)

// segment is one segment of a path, without matrix parameters. With a kind, text is the id and ext the file extension
// with its dot; without, text is the whole literal and ext the end of it.
type segment struct {
	text string
	ext  string
	kind ObjectKind
}

// split cuts path into at most maxSegments segments in out; empty segments and "." go. It tells how many there are and
// whether the path has more.
func (t *Templater) split(path string, out *[maxSegments]segment) (n int, more bool) {
	scratch := t.scratch[:0]
	for i := 0; i < len(path); i++ {
		from := i
		var mix mixture
		for i < len(path) && path[i] != '/' {
			mix |= byteMix[path[i]]
			i++
		}
		part := path[from:i]
		if mix&mixSpecial != 0 {
			part, scratch = plainPart(part, scratch)
			mix = mixOf(part)
		}
		if part == "" || part == "." {
			continue
		}
		if n == maxSegments {
			return n, true
		}
		out[n] = classifyMix(part, mix)
		n++
	}
	return n, false
}

// plainPart is a segment without matrix parameters and decoded, in scratch as long as there is room.
func plainPart(part string, scratch []byte) (plain string, rest []byte) {
	if i := strings.IndexByte(part, ';'); i >= 0 {
		part = part[:i]
	}
	if strings.IndexByte(part, '%') < 0 || len(scratch)+len(part) > maxDecoded {
		return part, scratch
	}
	from := len(scratch)
	scratch = appendDecoded(scratch, part)
	return view(scratch[from:]), scratch
}

// classify tells what kind of segment s is.
func classify(s string) segment { return classifyMix(s, mixOf(s)) }

func classifyMix(s string, mix mixture) segment {
	switch {
	case mix&^(mixLetter|mixSeparator) == 0 && len(s) < minHex: // the common case
		return segment{text: s}
	case mix == mixDigit && len(s) <= maxDigits:
		return segment{text: s, kind: ObjectInt}
	case len(s) == 36 && isUUID(s):
		return segment{text: s, kind: ObjectUUID}
	}
	c := scan(s)
	if c.dots > 0 {
		if stem, ext := cutExt(s); ext != "" {
			return file(s, stem, ext)
		}
	}
	return segment{text: s, kind: c.kind(s)}
}

// file classifies a file name by its stem.
func file(s, stem, ext string) segment {
	mix := mixOf(stem)
	if mix&^(mixLetter|mixSeparator) == 0 && len(s) < minHex {
		return segment{text: s, ext: ext}
	}
	c := scan(stem)
	k := c.kind(stem)
	switch {
	case c.at > 0: // the extension is a top-level domain
		whole := scan(s)
		return segment{text: s, kind: whole.kind(s)}
	case k == ObjectNone && assetTag(stem):
		k = ObjectHex
	case k == ObjectNone:
		return segment{text: s, ext: ext}
	}
	return segment{text: stem, ext: ext, kind: k}
}

// makeup counts what a segment is made of.
type makeup struct {
	length, digits, hex, upper, lower, separators, dots, at, other int
	turns                                                          int // changes of class inside a run of letters and digits, "aA" and "a1" but not "Aa"
}

// The classes of byte that scan tells apart.
const (
	classOther = iota
	classDigit
	classUpperHex
	classUpper
	classLowerHex
	classLower
	classSeparator
	classDot
	classAt
)

var byteClass = func() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c >= '0' && c <= '9':
			t[c] = classDigit
		case c >= 'A' && c <= 'F':
			t[c] = classUpperHex
		case c >= 'G' && c <= 'Z':
			t[c] = classUpper
		case c >= 'a' && c <= 'f':
			t[c] = classLowerHex
		case c >= 'g' && c <= 'z':
			t[c] = classLower
		case c == '-' || c == '_' || c == '=':
			t[c] = classSeparator
		case c == '.':
			t[c] = classDot
		case c == '@':
			t[c] = classAt
		}
	}
	return t
}()

func scan(s string) makeup {
	var counts [classAt + 1]uint16
	m := makeup{length: len(s)}
	previous := uint8(classSeparator)
	for i := range min(len(s), 4*maxLiteral) {
		c := byteClass[s[i]]
		counts[c]++
		m.turns += int(turns[previous][c])
		previous = c
	}
	m.digits = int(counts[classDigit])
	m.hex = m.digits + int(counts[classUpperHex]) + int(counts[classLowerHex])
	m.upper = int(counts[classUpperHex]) + int(counts[classUpper])
	m.lower = int(counts[classLowerHex]) + int(counts[classLower])
	m.separators, m.dots, m.at = int(counts[classSeparator]), int(counts[classDot]), int(counts[classAt])
	m.other = int(counts[classOther])
	return m
}

// turns is 1 for a change that words seldom make: between letter and digit, or from lower to upper case.
var turns = func() (t [classAt + 1][classAt + 1]uint8) {
	for from := uint8(classDigit); from < classSeparator; from++ {
		for to := uint8(classDigit); to < classSeparator; to++ {
			if (from == classDigit) != (to == classDigit) || from >= classLowerHex && to < classLowerHex {
				t[from][to] = 1
			}
		}
	}
	return t
}()

func (m *makeup) kind(s string) ObjectKind {
	switch {
	case m.other > 0 && unfit(s):
		return ObjectOpaque
	case m.digits == m.length && m.length <= maxDigits:
		return ObjectInt
	case m.length == 36 && isUUID(s):
		return ObjectUUID
	case m.hex == m.length && m.length >= minHex && m.digits > 0:
		return ObjectHex
	case isDate(s):
		return ObjectDate
	case m.at == 1 && isEmail(s):
		return ObjectEmail
	case m.token():
		return ObjectBase64
	case m.length > maxLiteral || m.numbered():
		return ObjectOpaque
	default:
		return ObjectNone
	}
}

// unfit tells text that has no place in a template: controls, a decoded slash, braces, bytes that are no UTF-8.
func unfit(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == 0x7f || c == '/' || c == '{' || c == '}' {
			return true
		}
	}
	return !utf8.ValidString(s)
}

// token tells random characters from words: letters and digits that change class at every sixth character or oftener.
func (m *makeup) token() bool {
	return m.length >= minToken && m.dots == 0 && m.other == 0 && m.at == 0 && m.digits > 0 &&
		m.upper+m.lower > 0 && m.turns*6 >= m.length
}

// numbered tells ids such as "INV-2024-0042", "SKU12345" and "10.1.2.3" from names that have a year or a version.
func (m *makeup) numbered() bool {
	return m.other == 0 && (m.digits >= 5 && m.digits*3 >= m.length || m.digits >= 4 && m.digits*2 > m.length)
}

func isUUID(s string) bool {
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
			continue
		}
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// isDate tells 2024-05-01, alone or with a time behind it.
func isDate(s string) bool {
	if len(s) < 10 || len(s) > 35 || s[4] != '-' || s[7] != '-' {
		return false
	}
	for _, i := range [8]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return (s[0] == '1' || s[0] == '2') && s[5] <= '1' && s[8] <= '3' && (len(s) == 10 || s[10] == 'T' || s[10] == ' ')
}

func isEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && strings.IndexByte(s[at:], '.') > 1
}

// cutExt splits a file name; the extension keeps its dot and is "" when there is none that looks like one.
func cutExt(s string) (stem, ext string) {
	i := strings.LastIndexByte(s, '.')
	if i <= 0 || len(s)-i-1 < 1 || len(s)-i-1 > maxExt {
		return s, ""
	}
	for j := i + 1; j < len(s); j++ {
		c := byteClass[s[j]]
		if c == classOther || c >= classSeparator || j == i+1 && c == classDigit {
			return s, ""
		}
	}
	return s[:i], s[i:]
}

// assetTag tells a bundler's content hash behind a name: "main.3f2a9c1b", "index-BqL3d9Xf".
func assetTag(stem string) bool {
	i := strings.LastIndexAny(stem, ".-_")
	if i < 0 || len(stem)-i-1 < minAssetTag {
		return false
	}
	m := scan(stem[i+1:])
	return m.digits > 0 && m.other == 0 && m.upper+m.lower > 0 && (m.hex == m.length || m.turns*4 >= m.length)
}

func isHex(c byte) bool {
	switch byteClass[c] {
	case classDigit, classUpperHex, classLowerHex:
		return true
	default:
		return false
	}
}
