package signature

import "github.com/zeebo/xxh3"

const (
	memoryTexts = 1 << 12 // texts remembered
	memorySigns = 6       // signs of one text remembered; a text with more is looked at anew
)

// memory remembers what texts showed: user agents, referrers and searches come again and again. It changes no answer:
// equal texts show equal signs. A text is known by its hash under a secret seed.
type memory struct {
	seed  uint64
	texts []glance
	hash  uint64 // of the text that is being looked at
	signs [memorySigns]uint16
	n     int // signs noted of it; more than memorySigns are too many
}

// glance is what one text showed, and how many bytes of it libinjection parsed: remembering the text must leave the
// parser's budget for the rest of the event as looking at it would have.
type glance struct {
	hash   uint64
	parsed int
	signs  [memorySigns]uint16
	n      uint8
}

func newMemory(seed uint64) memory { return memory{seed: seed, texts: make([]glance, memoryTexts)} }

// find is the place of a text, and whether that text is in it.
func (m *memory) find(s string, from source) (*glance, bool) {
	m.hash, m.n = xxh3.HashStringSeed(s, m.seed+uint64(from)), 0
	g := &m.texts[m.hash%memoryTexts]
	return g, g.hash == m.hash
}

// note adds a sign of the text that is being looked at.
func (m *memory) note(id int) {
	if m.n < memorySigns {
		m.signs[m.n] = uint16(id)
	}
	m.n++
}

// keep remembers the text that was looked at in the place that find gave.
func (m *memory) keep(g *glance, parsed int) {
	if m.n <= memorySigns {
		*g = glance{hash: m.hash, parsed: parsed, signs: m.signs, n: uint8(m.n)}
	}
}
