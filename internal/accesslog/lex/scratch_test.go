package lex

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestUnescape(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"none", "GET / HTTP/1.1", "GET / HTTP/1.1"},
		{"quote", `a \"b\"`, `a "b"`},
		{"backslash", `a\\x41`, `a\x41`},
		{"hex", `\x16\x03\X41`, "\x16\x03" + `\X41`},
		{"apache controls", `\b\f\n\r\t\v`, "\b\f\n\r\t\v"},
		{"unknown escape", `\q`, `\q`},
		{"half a hex", `\x4`, `\x4`},
		{"backslash at end", `a\`, `a\`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Scratch
			if got := s.Unescape([]byte(tt.in)); got != tt.want {
				t.Errorf("Unescape(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestUnescapePercent(t *testing.T) {
	tests := []struct {
		name, in string
		plus     bool
		want     string
	}{
		{"none", "curl/8.5.0", true, "curl/8.5.0"},
		{"spaces", "a%20b%2fc", false, "a b/c"},
		{"plus", "Mozilla/5.0+(X11)%21", true, "Mozilla/5.0 (X11)!"},
		{"plus kept", "a+b%20", false, "a+b "},
		{"broken", "100%", false, "100%"},
		{"broken hex", "%4g%41", false, "%4gA"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Scratch
			if got := s.UnescapePercent([]byte(tt.in), tt.plus); got != tt.want {
				t.Errorf("UnescapePercent(%q, %v) = %q, want %q", tt.in, tt.plus, got, tt.want)
			}
		})
	}
}

func TestScratchKeepsStringsUntilReset(t *testing.T) {
	var s Scratch
	first := s.Unescape([]byte(`\"first\"`))
	for range 1000 {
		s.Unescape([]byte(`\x41` + strings.Repeat("b", 100)))
	}
	if got := s.Concat(first, '?', "second"); got != `"first"?second` {
		t.Errorf("after growth the strings are %q", got)
	}
	s.Reset()
	if cap(s.buf) > keepScratch {
		t.Errorf("Reset keeps %d bytes, want at most %d", cap(s.buf), keepScratch)
	}
}

func FuzzUnescapeJSON(f *testing.F) {
	for _, s := range []string{`plain`, `a\n\"\\\/`, `\u00e9\ud83d\ude00`, `\ud83d`, `\ud83dx\ude00`, `\q`, `\u12`, `\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var s Scratch
		got, ok := s.UnescapeJSON([]byte(in))
		if !utf8.ValidString(in) || strings.ContainsFunc(in, func(r rune) bool { return r < ' ' }) {
			return // encoding/json repairs the one and refuses the other
		}
		var want string
		err := json.Unmarshal([]byte(`"`+in+`"`), &want)
		if ok && err != nil && !strings.Contains(in, `"`) || !ok && err == nil || ok && err == nil && got != want {
			t.Errorf("UnescapeJSON(%q) = %q, %v; encoding/json has %q, %v", in, got, ok, want, err)
		}
	})
}

func TestNoAllocations(t *testing.T) {
	var c Clock
	var s Scratch
	addr6, clf, iso, text := []byte("2001:db8::1"), []byte("10/Oct/2000:13:55:36 -0700"), []byte("2024-02-29T23:59:59.123Z"), []byte(`a\"b`)
	got := testing.AllocsPerRun(100, func() {
		s.Reset()
		_, _ = Addr(addr6)
		_, _ = AddrPort(clf)
		_, _ = c.CLF(clf)
		_, _ = c.ISO(iso)
		_, _ = Decimal(text, 1)
		_ = s.Unescape(text)
	})
	if got != 0 {
		t.Errorf("%v allocations, want none", got)
	}
}

func BenchmarkLex(b *testing.B) {
	var c Clock
	clf, iso, v4, v6 := []byte("10/Oct/2000:13:55:36 -0700"), []byte("2024-02-29T23:59:59.123Z"), []byte("192.0.2.123"), []byte("2001:db8:1:2:3:4:5:6")
	dec := []byte("0.123")
	for _, bb := range []struct {
		name string
		run  func()
	}{
		{"CLF", func() { _, _ = c.CLF(clf) }},
		{"ISO", func() { _, _ = c.ISO(iso) }},
		{"Addr4", func() { _, _ = Addr(v4) }},
		{"Addr6", func() { _, _ = Addr(v6) }},
		{"Decimal", func() { _, _ = Decimal(dec, 1e6) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				bb.run()
			}
		})
	}
}
