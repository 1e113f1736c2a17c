package signature

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/corazawaf/libinjection-go"

	"gatewatch/internal/event"
	"gatewatch/internal/signature/literal"
)

const (
	maxField  = 8 << 10 // bytes of one field that are looked at
	maxPairs  = 128     // parameters of a query that are looked at
	maxParse  = 1 << 10 // bytes of one text that libinjection parses: its time grows with the square of some
	parseable = 2 << 10 // bytes of one event that it parses
	familyCap = 2 * Alarm
)

// families is how many families there are.
const families = len(familyNames)

// source is the field that a text came from: not every sign means something everywhere.
type source uint8

const (
	sourcePath source = iota
	sourceName        // of a parameter
	sourceValue
	sourceHeader
	sourceLine // a request line that is no HTTP
)

// Probe looks for injection attempts. It owns buffers, so one goroutine owns a Probe; what it remembers between events
// changes no answer.
//
// A request without an odd character costs one look at each of its bytes. The rest is decoded up to three times and
// compared with the list of signs in one pass; then a few checks in code look at what a list cannot say, and libinjection
// parses what may be SQL or HTML. The parser takes some free text for SQL, so its word alone is no alarm.
type Probe struct {
	matcher  *literal.Set
	signs    []sign
	seen     []uint64 // signs counted for this event, a bit each
	scores   [families]uint16
	hints    Family // families worth a parser's look in this text
	unparsed int    // bytes that libinjection may still parse of this event
	decoded  [2][]byte
	folded   []byte
	plain    []byte
	memory   memory
}

// sign is what a pattern says: its family by number and its score.
type sign struct {
	family uint8
	score  uint8
}

// NewProbe compiles the embedded list of signs. The seed keys the memory of texts: whoever knew it could make a
// harmful one pass for a harmless one.
func NewProbe(seed uint64) (*Probe, error) {
	rows, err := readList("signs.txt", 3)
	if err != nil {
		return nil, err
	}
	p := &Probe{memory: newMemory(seed), plain: make([]byte, 0, maxField), folded: make([]byte, 0, maxField)}
	p.decoded[0], p.decoded[1] = make([]byte, 0, maxField), make([]byte, 0, maxField)
	p.signs = append(p.signs, codeSigns[:]...)
	patterns := make([]literal.Pattern, len(codeSigns), len(codeSigns)+len(rows))
	for i := range patterns {
		patterns[i].Text = "\x00" + string(rune('a'+i)) // no text has a NUL after squeeze
	}
	for _, row := range rows {
		family, ok := nameIndex(familyNames[:], row[0])
		score, err := strconv.ParseUint(row[1], 10, 8)
		if !ok || err != nil || score > Alarm {
			return nil, fmt.Errorf("signs.txt: %q is no entry", strings.Join(row, " "))
		}
		patterns = append(patterns, literal.Parse(row[2]))
		p.signs = append(p.signs, sign{family: uint8(family), score: uint8(score)})
	}
	var ok bool
	if p.matcher, ok = literal.New(patterns); !ok {
		return nil, fmt.Errorf("signs.txt: %d patterns are too many", len(patterns))
	}
	p.seen = make([]uint64, len(p.signs)/64+1)
	return p, nil
}

// Inspect looks at the path, the query, the user agent and the referrer of one request, or at the raw request line when
// it was no HTTP. Its work is bounded whatever the request holds.
func (p *Probe) Inspect(e *event.Event) Verdict {
	path := traitsOf(clip(e.Path)) & pathTraits
	query := traitsOf(clip(e.Query)) & queryTraits
	header := (charTraits(clip(e.UserAgent)) | charTraits(clip(e.Referrer))) & headerTraits
	if path|query|header == 0 && e.RequestLine == "" {
		return Verdict{}
	}
	p.reset()
	if path != 0 {
		p.text(clip(e.Path), sourcePath)
	}
	if query != 0 {
		p.query(clip(e.Query))
	}
	if header != 0 {
		p.text(clip(e.UserAgent), sourceHeader)
		p.text(clip(e.Referrer), sourceHeader)
	}
	if e.RequestLine != "" {
		p.line(clip(e.RequestLine))
	}
	return p.verdict()
}

func clip(s string) string { return s[:min(len(s), maxField)] }

func (p *Probe) reset() {
	clear(p.seen)
	p.scores = [families]uint16{}
	p.unparsed = parseable
}

func (p *Probe) verdict() (v Verdict) {
	for i, s := range p.scores {
		if s > 0 {
			v.Families |= 1 << i
			v.Score += min(s, familyCap)
		}
	}
	return v
}

// count adds a sign to the event's score, once.
func (p *Probe) count(id int) {
	p.memory.note(id)
	s := p.signs[id]
	p.hints |= 1 << s.family
	if p.seen[id/64]&(1<<(id%64)) != 0 {
		return
	}
	p.seen[id/64] |= 1 << (id % 64)
	p.scores[s.family] += uint16(s.score)
}

// query looks at names and values one by one, as the program behind does.
func (p *Probe) query(s string) {
	for range maxPairs {
		if s == "" {
			return
		}
		pair := s
		if i := strings.IndexByte(s, '&'); i >= 0 {
			pair, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			name, value = "", pair
		}
		if traitsOf(name)&pathTraits != 0 || strings.IndexByte(name, '.') >= 0 { // a dot: "class.module.classLoader"
			p.text(name, sourceName)
		}
		if traitsOf(value)&queryTraits != 0 {
			p.text(value, sourceValue)
		}
	}
}

// text looks at s, or remembers what it saw there.
func (p *Probe) text(s string, from source) {
	if s == "" {
		return
	}
	known, ok := p.memory.find(s, from)
	if ok && known.parsed <= p.unparsed {
		p.unparsed -= known.parsed
		for _, id := range known.signs[:known.n] {
			p.count(int(id))
		}
		return
	}
	budget := p.unparsed
	p.hints = 0
	p.look(s, from)
	// What the parser had no budget for is not known.
	if budget >= maxParse {
		p.memory.keep(known, budget-p.unparsed)
	}
}

// look decodes s and looks at what comes out.
func (p *Probe) look(s string, from source) {
	raw := s
	s = p.decode(s, from)
	if from == sourcePath {
		p.climbs(raw, s)
	}
	p.plain = squeeze(p.plain[:0], s)
	plain := view(p.plain)
	p.matcher.Each(plain, func(id, _ int) { p.count(id) })
	p.check(s, plain, from)
	p.parse(s, from)
}

// decode is s decoded until nothing changes or maxRounds, in memory of the probe.
func (p *Probe) decode(s string, from source) string {
	t := traitsOf(s)
	if t&(traitPercent|traitSpace|traitAmp|traitShell|traitHigh) == 0 {
		return s
	}
	plus := from == sourceName || from == sourceValue
	for round := range maxRounds {
		b, changed := decodeRound(p.decoded[round%2][:0], s, plus && round == 0)
		p.decoded[round%2] = b
		s = view(b)
		if !changed {
			break
		}
	}
	if traitsOf(s)&traitHigh == 0 {
		return s
	}
	p.folded = append(p.folded[:0], s...)
	b, overlong := foldUTF8(p.folded)
	if overlong {
		p.count(signOverlong)
	}
	return view(b)
}

// parse asks libinjection about a text that may be SQL or HTML.
func (p *Probe) parse(s string, from source) {
	t := traitsOf(s)
	s = s[:min(len(s), maxParse, p.unparsed)]
	// Words of SQL without a number or a comparison are English.
	sql := t&sqlTraits != 0 || p.hints&SQLi != 0 && strings.ContainsAny(s, "0123456789=@")
	html := t&traitAngle != 0 || p.hints&XSS != 0
	if from == sourcePath || from == sourceHeader {
		sql = t&traitQuote != 0
	}
	if len(s) < 3 || !sql && !html {
		return
	}
	p.unparsed -= len(s)
	if sql && from != sourceLine {
		if found, _ := libinjection.IsSQLi(s); found {
			p.count(signSQL)
		}
	}
	if html && libinjection.IsXSS(s) {
		p.count(signHTML)
	}
}

// line looks at what came in place of an HTTP request.
func (p *Probe) line(s string) {
	p.count(signNoHTTP)
	if strings.Contains(s, "\x16\x03") || strings.Contains(s, `\x16\x03`) || strings.Contains(s, "mstshash=") {
		p.count(signOtherProtocol)
	}
	p.text(s, sourceLine)
}
