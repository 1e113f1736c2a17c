package logfile

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// FuzzDecompress: whatever a file holds, reading it ends, in an error at worst.
func FuzzDecompress(f *testing.F) {
	for _, magic := range []string{"\x1f\x8b\x08\x00", "BZh9", "\x28\xb5\x2f\xfd\x24", "\xfd7zXZ\x00\x00\x04", "plain\n", ""} {
		f.Add([]byte(magic + "rest of the file"))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, packed, err := decompress(bytes.NewReader(b))
		if err != nil {
			return
		}
		got, err := io.ReadAll(io.LimitReader(r, 1<<20))
		if !packed && (err != nil || !bytes.Equal(got, b)) {
			t.Errorf("a plain file of %q reads as %q, %v", b, got, err)
		}
	})
}

// FuzzLines: the lines are those that bytes.Lines finds, whatever the sizes of the reads; those longer than the limit
// are one byte longer than it, or a little more.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nbb\n\nccc"), uint8(1))
	f.Add([]byte(strings.Repeat("x", 50)+"\ny\n"), uint8(7))
	f.Fuzz(func(t *testing.T, b []byte, step uint8) {
		const limit = 16
		l := newLines(t.Context(), "x", limit, input{r: &steps{b: b, n: int(step)%20 + 1}, raw: &meter{}})
		for want := range bytes.Lines(b) {
			want = bytes.TrimSuffix(want, []byte("\n"))
			if !l.Next() {
				t.Fatalf("no line, want %q", want)
			}
			got := l.Line()
			if len(want) > limit {
				if len(got) <= limit || !bytes.HasPrefix(want, got) {
					t.Fatalf("line %q, want the beginning of %q", got, want)
				}
				continue
			}
			if !bytes.Equal(got, want) {
				t.Fatalf("line %q, want %q", got, want)
			}
		}
		if l.Next() {
			t.Errorf("one line more: %q", l.Line())
		}
	})
}

// steps reads a few bytes at a time.
type steps struct {
	b []byte
	n int
}

// Read implements io.Reader.
func (s *steps) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.b[:min(s.n, len(s.b))])
	s.b = s.b[n:]
	return n, nil
}
