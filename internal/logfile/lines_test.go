package logfile

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// read returns all lines of a source, as far as they can be read.
func read(t *testing.T, s *Source, limit int) ([]string, error) {
	t.Helper()
	lines, err := s.Open(t.Context(), limit)
	if err != nil {
		return nil, err
	}
	var out []string
	for lines.Next() {
		out = append(out, string(lines.Line()))
		if got, want := lines.Number(), int64(len(out)); got != want {
			t.Errorf("Number() = %d, want %d", got, want)
		}
	}
	if err := lines.Close(); err != nil {
		t.Error(err)
	}
	return out, lines.Err()
}

func write(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func packed(t *testing.T, kind string, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	var w io.WriteCloser
	var err error
	switch kind {
	case "gz":
		w = gzip.NewWriter(&buf)
	case "zst":
		w, err = zstd.NewWriter(&buf)
	case "xz":
		w, err = xz.NewWriter(&buf)
	case "bz2":
		// Go has no writer for bzip2: `printf 'a\nb\n' | bzip2`.
		b, err := os.ReadFile("testdata/ab.bz2")
		if err != nil {
			t.Fatal(err)
		}
		return b
	default:
		return b
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func one(t *testing.T, arg string, stdin io.Reader) *Source {
	t.Helper()
	sources, err := Expand([]string{arg}, stdin)
	if err != nil || len(sources) != 1 {
		t.Fatalf("Expand(%s) = %d sources, %v", arg, len(sources), err)
	}
	return sources[0]
}

func TestLines(t *testing.T) {
	const limit = 10
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"one line", "a\n", []string{"a"}},
		{"no end of line", "a\nb", []string{"a", "b"}},
		{"blank lines", "\n\na\n", []string{"", "", "a"}},
		{"carriage returns stay", "a\r\n", []string{"a\r"}},
		{"as long as the limit", "0123456789\nb\n", []string{"0123456789", "b"}},
		{"one byte longer", "0123456789a\nb\n", []string{"0123456789a", "b"}},
		{"two bytes longer", "0123456789ab\nb\n", []string{"0123456789a", "b"}},
		{"much longer", strings.Repeat("x", 95) + "\nb\n", []string{strings.Repeat("x", 11), "b"}},
		{"much longer, without an end", strings.Repeat("x", 95), []string{strings.Repeat("x", 11)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, r := range map[string]io.Reader{
				"whole": strings.NewReader(tt.in), "by byte": iotest.OneByteReader(strings.NewReader(tt.in)),
			} {
				l := newLines(t.Context(), "x", limit, input{r: r, raw: &meter{}})
				var got []string
				for l.Next() {
					line := string(l.Line())
					if len(line) > limit { // how much longer depends on the reads
						line = line[:limit+1]
					}
					got = append(got, line)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s: lines (-want +got):\n%s", name, diff)
				}
				if err := l.Err(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestLongLineIsForgotten(t *testing.T) {
	in := strings.Repeat("x", 2<<20) + "\n" + strings.Repeat("short\n", 100_000)
	l := newLines(t.Context(), "x", 4<<20, input{r: strings.NewReader(in), raw: &meter{}})
	for l.Next() {
	}
	if len(l.buf) != lineBuffer {
		t.Errorf("after a line of 2 MiB and many short ones the buffer has %d bytes, want %d", len(l.buf), lineBuffer)
	}
}

func TestOpenDecompresses(t *testing.T) {
	for _, kind := range []string{"log", "gz", "zst", "xz", "bz2"} {
		t.Run(kind, func(t *testing.T) {
			b := packed(t, kind, []byte("a\nb\n"))
			// The name tells nothing: what counts is the content.
			src := one(t, write(t, "access.log", b), nil)
			head, err := src.Head(100)
			if string(head) != "a\nb\n" || err != nil {
				t.Errorf("Head = %q, %v", head, err)
			}
			got, err := read(t, src, 100)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
				t.Errorf("lines of file (-want +got):\n%s", diff)
			}
			src = one(t, "-", iotest.OneByteReader(bytes.NewReader(b)))
			if head, err := src.Head(3); err != nil && kind == "log" || len(head) > 3 {
				t.Errorf("Head(3) of stdin = %q, %v", head, err)
			}
			got, err = read(t, src, 100)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
				t.Errorf("lines of stdin (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTruncatedFile(t *testing.T) {
	var plain bytes.Buffer
	for i := range 50_000 {
		plain.WriteString(strings.Repeat("ab", i%30) + " line\n")
	}
	for _, kind := range []string{"gz", "zst", "xz"} {
		t.Run(kind, func(t *testing.T) {
			b := packed(t, kind, plain.Bytes())
			path := write(t, "access.log."+kind, b[:len(b)*2/3])
			got, err := read(t, one(t, path, nil), 1000)
			if !errors.Is(err, ErrTruncated) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want ErrTruncated with the file's name", err)
			}
			if kind != "xz" && len(got) == 0 { // a block of xz may be the whole file
				t.Error("nothing was read before the cut")
			}
		})
	}
}

func TestDamagedFile(t *testing.T) {
	b := packed(t, "gz", []byte(strings.Repeat("some line\n", 1000)))
	b[len(b)-5] ^= 1 // of the checksum
	got, err := read(t, one(t, write(t, "a.gz", b), nil), 100)
	if err == nil || errors.Is(err, ErrTruncated) {
		t.Errorf("error %v, want one about the checksum", err)
	}
	if len(got) != 1000 {
		t.Errorf("%d lines, want the 1000 before the checksum", len(got))
	}
}

func TestCutLine(t *testing.T) {
	r := io.MultiReader(strings.NewReader("a\nhal"), iotest.ErrReader(io.ErrUnexpectedEOF))
	l := newLines(t.Context(), "x", 100, input{r: r, raw: &meter{}})
	for _, want := range []bool{false, true} {
		if !l.Next() || l.Cut() != want {
			t.Errorf("line %q: Cut() = %v, want %v", l.Line(), l.Cut(), want)
		}
	}
	if l.Next() || l.Err() == nil {
		t.Errorf("after the error: Err() = %v", l.Err())
	}
}

// endless never ends and never fails, and has no line either.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestContextEndsReading(t *testing.T) {
	reader, writer := io.Pipe() // blocks for ever
	for name, r := range map[string]io.Reader{"endless": endless{}, "blocking": reader} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		lines, err := one(t, "-", r).Open(ctx, 100)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		for lines.Next() {
		}
		if err := lines.Err(); err != nil {
			t.Errorf("%s: the end of the context is an error: %v", name, err)
		}
		if err := lines.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Error(err)
	}
}
