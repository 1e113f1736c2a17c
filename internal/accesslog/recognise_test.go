package accesslog

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

var update = flag.Bool("update", false, "rewrite the expected events of the samples")

// testTrust believes what a reader in 2027 does.
var testTrust = event.TrustUntil(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano())

func newDecoder(t testing.TB, cfg Config) *Decoder {
	t.Helper()
	if cfg.Trust == (event.Trust{}) {
		cfg.Trust = testTrust
	}
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// recorder writes down what a decoder makes of its records, a line each, in their order.
type recorder struct {
	decoder *Decoder
	out     bytes.Buffer
	skipped uint64
}

func (r *recorder) Event(e *event.Event) {
	r.skips()
	c := *e
	c.Origin = event.Origin{}
	r.out.Write(c.AppendJSON(nil))
	r.out.WriteByte('\n')
}

func (r *recorder) Reject(reason format.Reason, line []byte) {
	r.skips()
	fmt.Fprintf(&r.out, "rejected: %s: %.60q\n", reason, line)
}

func (r *recorder) skips() {
	for ; r.skipped < r.decoder.stats.Skipped; r.skipped++ {
		r.out.WriteString("skipped\n")
	}
}

// decode is what a fresh decoder makes of the records.
func decode(t testing.TB, cfg Config, records ...[]byte) string {
	t.Helper()
	r := recorder{decoder: newDecoder(t, cfg)}
	for _, record := range records {
		r.decoder.Decode(record, &r)
	}
	r.skips()
	checkCounts(t, r.decoder)
	return r.out.String()
}

func checkCounts(t testing.TB, d *Decoder) {
	t.Helper()
	s := d.Stats()
	if s.Lines != s.Events+s.Skipped+s.RejectedTotal() {
		t.Errorf("%d lines, but %d events, %d skipped and %d rejected", s.Lines, s.Events, s.Skipped, s.RejectedTotal())
	}
	var byFormat uint64
	for _, n := range s.Formats {
		byFormat += n
	}
	if byFormat != s.Events {
		t.Errorf("%d events, but %d by format: %v", s.Events, byFormat, s.Formats)
	}
}

func lines(b []byte) [][]byte { return bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n")) }

// sample is a file of testdata/samples: prose, lines, and what they become.
type sample struct {
	name    string
	path    string
	archive *txtar.Archive
	input   []byte
	want    string
}

func samples(t testing.TB, pattern string) []sample {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata/samples", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples %s: %v", pattern, err)
	}
	var all []sample
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s := sample{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), path: path, archive: a}
		for _, f := range a.Files {
			switch f.Name {
			case "input":
				s.input = f.Data
			case "events":
				s.want = string(f.Data)
			default:
				t.Errorf("%s: unknown section %s", path, f.Name)
			}
		}
		all = append(all, s)
	}
	return all
}

func TestSamples(t *testing.T) {
	for _, s := range samples(t, "*.txtar") {
		t.Run(s.name, func(t *testing.T) {
			got := decode(t, Config{}, lines(s.input)...)
			if *update {
				s.archive.Files = []txtar.File{{Name: "input", Data: s.input}, {Name: "events", Data: []byte(got)}}
				if err := os.WriteFile(s.path, txtar.Format(s.archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", s.path, diff)
			}
		})
	}
}

// TestEveryFormatHasASample also proves that each format is the one that recognises its own lines.
func TestEveryFormatHasASample(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			s := samples(t, f.Name+".txtar")[0]
			var r recorder
			r.decoder = newDecoder(t, Config{})
			for _, line := range lines(s.input) {
				r.decoder.Decode(line, &r)
			}
			if got := r.decoder.Stats(); got.Formats[f.Name] == 0 || got.Formats[f.Name] != got.Events {
				t.Errorf("events by format: %v, want all of them %s", got.Formats, f.Name)
			}
			got := decode(t, Config{Format: f.Name}, lines(s.input)...)
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Errorf("with the format forced (-want +got):\n%s", diff)
			}
		})
	}
}
