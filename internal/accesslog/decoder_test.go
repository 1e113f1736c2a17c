package accesslog

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog"
	"gatewatch/internal/event"
	"gatewatch/internal/event/identity"
)

// sinkFunc receives events and drops rejected lines.
type sinkFunc func(*event.Event)

func (f sinkFunc) Event(e *event.Event)         { f(e) }
func (f sinkFunc) Reject(format.Reason, []byte) {}

// drop is a sink for what is only counted.
var drop = sinkFunc(func(*event.Event) {})

func TestReasons(t *testing.T) {
	const nginx = `{"time_iso8601":"%s","remote_addr":"%s","request":"GET / HTTP/1.1","status":"%s","request_time":"%s"}`
	good := func(at, addr, status, took string) string { return fmt.Sprintf(nginx, at, addr, status, took) }
	tests := []struct {
		name string
		line string
		want format.Reason
	}{
		{"status no number", strings.Replace(combinedLine, " 200 ", " 2x0 ", 1), format.BadStatus},
		{"cut off in the request", combinedLine[:60], format.Truncated},
		{"cut off in the agent", combinedLine[:len(combinedLine)-3], format.Truncated},
		{"status too low", strings.Replace(combinedLine, " 200 ", " 99 ", 1), format.BadStatus},
		{"size negative", strings.Replace(combinedLine, " 5 ", " -5 ", 1), format.BadNumber},
		{"day that is none", strings.Replace(combinedLine, "10/Oct", "31/Feb", 1), format.BadTime},
		{"1970", strings.Replace(combinedLine, "2026", "1970", 1), format.TimePast},
		{"far future", strings.Replace(combinedLine, "2026", "2199", 1), format.TimeFuture},
		{"JSON status", good("2026-10-10T13:55:36Z", "203.0.113.9", "2000", "1"), format.BadStatus},
		{"JSON time", good("yesterday", "203.0.113.9", "200", "1"), format.BadTime},
		{"JSON address", good("2026-10-10T13:55:36Z", "300.1.1.1", "200", "1"), format.BadAddress},
		{"JSON number", good("2026-10-10T13:55:36Z", "203.0.113.9", "200", "NaN"), format.BadNumber},
		{"JSON past", good("1970-01-01T00:00:00Z", "203.0.113.9", "200", "1"), format.TimePast},
		{"JSON cut off", good("2026-10-10T13:55:36Z", "203.0.113.9", "200", "1")[:60], format.Truncated},
		{"JSON malformed", `{"a":1,,}`, format.BadSyntax},
		{"JSON deep", strings.Repeat(`{"a":`, 100), format.TooDeep},
		{"JSON of another kind", `{"level":"info","started":true}`, format.UnknownFormat},
		{"error log of nginx", `2026/10/10 13:55:36 [error] 31#31: *46 "/a" is not found, client: 203.0.113.9, request: "GET /a HTTP/1.1"`, format.UnknownFormat},
		{"error log of Apache", `[Sat Oct 10 13:55:36.103522 2026] [core:error] [pid 7] [client 203.0.113.9] AH00163: "x" resuming`, format.UnknownFormat},
		{"words", "the quick brown fox", format.UnknownFormat},
		{"TLS bytes", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", format.UnknownFormat},
		{"too long", strings.Repeat("x", DefaultMaxLine+1), format.TooLong},
		{"gzip that is none", "\x1f\x8b not really", format.BadEncoding},
		{"inside an envelope", `{"message":"the quick brown fox"}`, format.UnknownFormat},
		{"precise inside an envelope", "<134>Oct 10 13:55:40 h nginx: " + strings.Replace(combinedLine, " 200 ", " 2x0 ", 1), format.BadStatus},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDecoder(t, Config{})
			d.Decode([]byte(tt.line), drop)
			s := d.Stats()
			if s.Rejected[tt.want] != 1 || s.RejectedTotal() != 1 {
				t.Errorf("%.80q: rejected %v, want one %v", tt.line, rejected(s), tt.want)
			}
			// What the source spoke before must not blur the reason.
			d.Decode([]byte(combinedLine), drop)
			d.Decode([]byte(tt.line), drop)
			if s := d.Stats(); s.Rejected[tt.want] != 2 || s.Events != 1 {
				t.Errorf("%.80q after a good line: rejected %v, want two %v", tt.line, rejected(s), tt.want)
			}
		})
	}
}

func rejected(s Stats) map[string]uint64 {
	m := map[string]uint64{}
	for r, n := range s.Rejected {
		if n > 0 {
			m[format.Reason(r).String()] = n
		}
	}
	return m
}

// TestMixedFormats reads the lines of all formats in one source, shuffled: each must give what it gives alone.
func TestMixedFormats(t *testing.T) {
	type pair struct {
		line []byte
		want string
	}
	var all []pair
	for _, s := range samples(t, "*.txtar") {
		if bytes.HasPrefix(s.input, []byte("#")) {
			continue // its lines depend on their header
		}
		for _, line := range lines(s.input) {
			all = append(all, pair{line, decode(t, Config{}, line)})
		}
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		rec := recorder{decoder: newDecoder(t, Config{})}
		for range 500 {
			p := all[r.IntN(len(all))]
			rec.out.Reset()
			rec.decoder.Decode(p.line, &rec)
			rec.skips()
			if diff := cmp.Diff(p.want, rec.out.String()); diff != "" {
				t.Fatalf("seed %d, %.100q among others (-alone +mixed):\n%s", seed, p.line, diff)
			}
		}
		checkCounts(t, rec.decoder)
	}
}

func TestNew(t *testing.T) {
	custom, err := jsonlog.CompileMap("mine", map[string]string{"timestamp": "t", "client_ip": "c", "path": "p"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		cfg  Config
		want []string // in the error; none for no error
	}{
		{"default", Config{}, nil},
		{"format by name", Config{Format: "caddy-json"}, nil},
		{"custom format by name", Config{Format: "mine", Custom: []format.Definition{custom}}, nil},
		{"unknown format", Config{Format: "ngnix"}, []string{`"ngnix"`, "nginx-json", "combined"}},
		{"custom format that exists", Config{Custom: []format.Definition{{Name: "combined"}}}, []string{`"combined"`, "twice"}},
		{"line length", Config{MaxLine: -1}, []string{"-1"}},
		{"zone", Config{Zone: 48 * time.Hour}, []string{"48h"}},
		{"all at once", Config{MaxLine: -1, Format: "x"}, []string{"-1", `"x"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.cfg)
			if (err != nil) != (len(tt.want) > 0) {
				t.Fatalf("New: %v", err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %s", err, part)
				}
			}
		})
	}
}

func TestCustomFormatComesFirst(t *testing.T) {
	custom, err := jsonlog.CompileMap("mine", map[string]string{"timestamp": "t", "client_ip": "c", "path": "p"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := decode(t, Config{Custom: []format.Definition{custom}},
		[]byte(`{"t":"2026-10-10T13:55:36Z","c":"203.0.113.9","p":"/a"}`), []byte(combinedLine),
		[]byte(`{"message":"{\"t\":\"2026-10-10T13:55:36Z\",\"c\":\"203.0.113.9\",\"p\":\"/a\"}"}`))
	const mine = `{"timestamp":"2026-10-10T13:55:36Z","path":"/a","client_ip":"203.0.113.9","peer_ip":"203.0.113.9"}` + "\n"
	if diff := cmp.Diff(mine+combinedEvent+mine, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestForcedFormat(t *testing.T) {
	wrapped := []byte("<134>Oct 10 13:55:40 h nginx: " + combinedLine)
	other := []byte(`{"time_iso8601":"2026-10-10T13:55:36Z","remote_addr":"203.0.113.9","request":"GET / HTTP/1.1","status":"200"}`)
	got := decode(t, Config{Format: "combined"}, []byte(combinedLine), wrapped, other)
	want := combinedEvent + combinedEvent + "rejected: "
	if !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s…", got, want)
	}
}

func TestIdentityIsAppliedOnce(t *testing.T) {
	resolver, err := identity.NewResolver(identity.ProxyConfig{Trusted: []string{"10.0.0.0/8"}})
	if err != nil {
		t.Fatal(err)
	}
	redactor, err := identity.NewRedactor(identity.RedactConfig{Key: []byte("a key for tests only")})
	if err != nil {
		t.Fatal(err)
	}
	line := `10.0.0.5 - - [10/Oct/2026:13:55:36 +0000] "GET /a?token=abc HTTP/1.1" 200 5 "-" "-" "198.51.100.1, 203.0.113.9"`
	got := decode(t, Config{Resolver: resolver, Redactor: redactor}, []byte(line))
	for _, part := range []string{`"client_ip":"203.0.113.9"`, `"peer_ip":"10.0.0.5"`, `"query":"token=~`} {
		if !strings.Contains(got, part) {
			t.Errorf("%s lacks %s", got, part)
		}
	}
	if strings.Contains(got, "token=abc") {
		t.Errorf("%s contains the secret", got)
	}
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	for _, w := range wrappers {
		switch w.name {
		case "gzip", "zstd", "CloudWatch gzip", "OTLP protobuf gzip", "four levels": // the decompressors' own
			continue
		case "escaped key": // nobody writes one
			continue
		}
		for _, s := range samples(t, "*.txtar") {
			if s.name != "combined" && s.name != "nginx-json" {
				continue
			}
			record := w.wrap(lines(s.input)[0])
			d := newDecoder(t, Config{})
			d.Decode(record, drop)
			if n := testing.AllocsPerRun(50, func() { d.Decode(record, drop) }); n != 0 {
				t.Errorf("%s in %s: %v allocations a line", s.name, w.name, n)
			}
		}
	}
}
