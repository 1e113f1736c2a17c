// Package literal finds many words in a text in one pass. It knows no meaning of them.
package literal

import "strings"

// Set finds many literal strings in one pass over a text (Aho and Corasick, 1975), without regard to ASCII case. It is
// immutable.
type Set struct {
	patterns []Pattern
	next     []uint16   // state × width + class
	outs     [][]uint16 // patterns that end at a state
	width    int
	class    [256]uint8 // bytes that no pattern has share class 0
}

// Pattern is one word: the text in lower case and where it must begin and end at a word's border.
type Pattern struct {
	Text               string
	WordStart, WordEnd bool
}

// Parse reads a pattern as lists write it: `\b` at either end asks for a word's border, `\s` stands for a space there.
func Parse(s string) Pattern {
	p := Pattern{Text: strings.ToLower(s)}
	p.Text, p.WordStart = strings.CutPrefix(p.Text, `\b`)
	p.Text, p.WordEnd = strings.CutSuffix(p.Text, `\b`)
	p.Text = strings.ReplaceAll(p.Text, `\s`, " ")
	return p
}

const maxStates = 1 << 16

// New compiles the patterns; false when they are too many for 16-bit states.
func New(patterns []Pattern) (*Set, bool) {
	m := &Set{patterns: patterns, width: 1}
	for _, p := range patterns {
		for i := range len(p.Text) {
			if c := p.Text[i]; m.class[c] == 0 {
				m.class[c] = uint8(m.width)
				m.width++
			}
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		m.class[c] = m.class[c+'a'-'A']
	}
	letters := 1
	for _, p := range patterns {
		letters += len(p.Text)
	}
	letters = min(letters, maxStates) // no fewer than there will be states
	m.next, m.outs = make([]uint16, 0, letters*m.width), make([][]uint16, 0, letters)
	m.grow()
	for id, p := range patterns {
		state := 0
		for i := range len(p.Text) {
			at := state*m.width + int(m.class[p.Text[i]])
			if m.next[at] == 0 {
				if len(m.outs) == maxStates {
					return nil, false
				}
				m.next[at] = uint16(len(m.outs))
				m.grow()
			}
			state = int(m.next[at])
		}
		m.outs[state] = append(m.outs[state], uint16(id))
	}
	m.link()
	return m, true
}

func (m *Set) grow() {
	m.next = m.next[:len(m.next)+m.width]
	m.outs = append(m.outs, nil)
}

// link turns the trie into an automaton, breadth first: where a state has no child, go where its longest proper suffix goes.
func (m *Set) link() {
	fail := make([]uint16, len(m.outs))
	queue := []uint16{0}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for c := range m.width {
			at := int(s)*m.width + c
			child := m.next[at]
			suffix := uint16(0)
			if s != 0 {
				suffix = m.next[int(fail[s])*m.width+c]
			}
			if child == 0 {
				m.next[at] = suffix
				continue
			}
			fail[child] = suffix
			m.outs[child] = append(m.outs[child], m.outs[suffix]...)
			queue = append(queue, child)
		}
	}
}

// Each calls visit with every pattern in text and where it ends.
func (m *Set) Each(text string, visit func(id, end int)) {
	state := 0
	for i := range len(text) {
		state = int(m.next[state*m.width+int(m.class[text[i]])])
		if len(m.outs[state]) == 0 {
			continue
		}
		for _, id := range m.outs[state] {
			if m.bounded(int(id), text, i+1) {
				visit(int(id), i+1)
			}
		}
	}
}

func (m *Set) bounded(id int, text string, end int) bool {
	p := &m.patterns[id]
	start := end - len(p.Text)
	return (!p.WordStart || start == 0 || !IsWord(text[start-1])) && (!p.WordEnd || end == len(text) || !IsWord(text[end]))
}

// Len is the length in bytes of the pattern with that number.
func (m *Set) Len(id int) int { return len(m.patterns[id].Text) }

// IsWord tells ASCII letters, digits and bytes of other scripts.
func IsWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}
