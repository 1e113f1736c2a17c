package accesslog

import (
	"bytes"
	"encoding/hex"
)

// keepMended is how much memory is kept for the next line that is mended.
const keepMended = 64 << 10

// mend writes a JSON text as what nginx meant by it, into the level's memory; false when there is nothing to mend. A
// log_format that looks like JSON is JSON only with escape=json: by default quotes and control characters become \xHH,
// and whoever sends one would not be seen. A variable that is not quoted and has no value leaves nothing or a dash in
// its place, as the upstream's do in whatever nginx answers itself, which is most of what a scanner gets.
func (l *level) mend(text []byte) ([]byte, bool) {
	if cap(l.mended) > keepMended {
		l.mended = nil
	}
	if !mayMend(text) {
		return nil, false
	}
	m := mender{text: text, out: l.mended[:0]}
	for len(m.text) > 0 {
		m.step()
	}
	l.mended = m.out
	return m.out, m.changed
}

// mayMend is quick: most of what is malformed is not to be mended.
func mayMend(text []byte) bool {
	for _, sign := range []string{`\x`, `:,`, `:-`, `:}`, `: `} {
		if bytes.Contains(text, []byte(sign)) {
			return true
		}
	}
	return false
}

// mender copies a text and mends it on the way.
type mender struct {
	text    []byte // what is left
	out     []byte
	quoted  bool // inside a string
	changed bool
}

func (m *mender) step() {
	if m.quoted {
		m.inString()
		return
	}
	n := 0
	for n < len(m.text)-1 && m.text[n] != '"' && m.text[n] != ':' {
		n++
	}
	m.quoted = m.text[n] == '"'
	m.copy(n + 1)
	if m.out[len(m.out)-1] == ':' {
		m.value()
	}
}

// inString copies up to the string's end or past its next escape.
func (m *mender) inString() {
	n := 0
	for n < len(m.text) && m.text[n] != '"' && m.text[n] != '\\' {
		n++
	}
	switch {
	case n == len(m.text):
		m.copy(n)
	case m.text[n] == '"':
		m.quoted = false
		m.copy(n + 1)
	default:
		m.copy(n)
		m.escape()
	}
}

// escape copies the escape that the text begins with. A byte beyond ASCII is part of a letter, which JSON has as it is.
func (m *mender) escape() {
	b := m.text
	var v [1]byte
	isHex := len(b) >= 4 && b[1] == 'x'
	if isHex {
		_, err := hex.Decode(v[:], b[2:4])
		isHex = err == nil
	}
	if !isHex {
		m.copy(min(2, len(b)))
		return
	}
	m.changed = true
	if v[0] < 0x80 {
		m.out = append(append(m.out, `\u00`...), b[2:4]...)
	} else {
		m.out = append(m.out, v[0])
	}
	m.text = b[4:]
}

// value puts null where a member has no value.
func (m *mender) value() {
	b := bytes.TrimLeft(m.text, " ")
	if len(b) > 0 && b[0] == '-' {
		b = bytes.TrimLeft(b[1:], " ")
	}
	if len(b) > 0 && (b[0] == ',' || b[0] == '}') {
		m.out, m.text, m.changed = append(m.out, "null"...), b, true
	}
}

func (m *mender) copy(n int) { m.out, m.text = append(m.out, m.text[:n]...), m.text[n:] }
