package scan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/finding"
	"gatewatch/internal/logfile"
	"gatewatch/internal/route"
)

// start is when the logs of the tests begin.
var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func config() Config {
	cfg := Config{
		Decoder: accesslog.Config{},
		Redact:  identity.RedactConfig{Key: []byte("a key for tests only")},
		Routes:  route.DefaultConfig(), Engine: detect.DefaultConfig(), Catalog: detect.Catalog(),
	}
	cfg.Engine.Seed = 1
	return cfg
}

// line is a line of a combined log, some seconds after start.
func line(second float64, client, path string, status int) string {
	at := start.Add(time.Duration(second * float64(time.Second)))
	return fmt.Sprintf("%s - - [%s] \"GET %s HTTP/1.1\" %d 153 \"-\" \"test\"\n", client, at.Format("02/Jan/2006:15:04:05 -0700"), path, status)
}

// wordlist is a client that guesses n paths, one a second.
func wordlist(from float64, client string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(from+float64(i), client, fmt.Sprintf("/guess-%c%d", 'a'+i%26, i), 404))
	}
	return b.String()
}

func files(t *testing.T, contents ...string) []string {
	t.Helper()
	dir := t.TempDir()
	var out []string
	for i, c := range contents {
		path := filepath.Join(dir, fmt.Sprintf("access.log.%d", i))
		if err := os.WriteFile(path, []byte(c), 0o600); err != nil {
			t.Fatal(err)
		}
		out = append(out, path)
	}
	return out
}

func run(t *testing.T, cfg Config, stdin io.Reader, args ...string) (*Result, error) {
	t.Helper()
	sources, err := logfile.Expand(args, stdin)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s.Run(t.Context(), sources)
}

func TestScanFinds(t *testing.T) {
	log := line(0, "192.0.2.1", "/", 200) + wordlist(1, "198.51.100.7", 60) + line(100, "192.0.2.1", "/about", 200)
	res, err := run(t, config(), strings.NewReader(log), "-")
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Findings) == 0 {
		t.Fatal("no finding")
	}
	f := res.Findings[0]
	want := event.Entity{Kind: event.KindNetwork, Value: "198.51.100.7"}
	if f.Detector != "path_scan" || f.Entity != want || f.Activity != finding.Close {
		t.Errorf("finding %s of %v, %v; want a closed path_scan of %v", f.Detector, f.Entity, f.Activity, want)
	}
	if res.Lines != 62 || res.Events != 62 || res.Entities[event.KindNetwork] != 2 || res.Formats["combined"] != 62 {
		t.Errorf("lines %d, events %d, networks %d, formats %v; want 62, 62, 2, 62 combined",
			res.Lines, res.Events, res.Entities[event.KindNetwork], res.Formats)
	}
	if got, want := res.To-res.From, 100*time.Second.Nanoseconds(); got != want {
		t.Errorf("span of %d ns, want %d", got, want)
	}
}

func TestSinceAndUntil(t *testing.T) {
	cfg := config()
	cfg.Since, cfg.Until = start.Add(10*time.Second).UnixNano(), start.Add(20*time.Second).UnixNano()
	var log strings.Builder
	for i := range 30 {
		log.WriteString(line(float64(i), "192.0.2.1", "/", 200))
	}
	res, err := run(t, cfg, strings.NewReader(log.String()), "-")
	if err != nil {
		t.Fatal(err)
	}
	// Seconds 10 to 19.
	if res.Events != 10 || res.Outside != 20 || res.From != cfg.Since {
		t.Errorf("%d events from %d, %d outside; want 10 from %d, 20", res.Events, res.From, res.Outside, cfg.Since)
	}
}

// witness is a detector that asks nothing and writes down the paths that it is shown.
type witness struct{ paths *[]string }

func (w witness) Spec() detect.Spec {
	return detect.Spec{Name: "witness", Entity: []event.Kind{event.KindNetwork}}
}
func (w witness) Validate() error { return nil }
func (w witness) Concerns(o *detect.Observation) bool {
	*w.paths = append(*w.paths, strings.Clone(o.Event.Path))
	return false
}

func (w witness) Observe(*uint64, *detect.Observation) (detect.Evidence, bool) {
	return detect.Evidence{}, false
}

// stepped returns the paths of the events in the order in which they are folded.
func stepped(t *testing.T, contents ...string) []string {
	t.Helper()
	var out []string
	cfg := config()
	cfg.Catalog = []detect.Definition{detect.Define(witness{&out})}
	if _, err := run(t, cfg, nil, files(t, contents...)...); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMergeByTime(t *testing.T) {
	at := func(second float64, path string) string { return line(second, "192.0.2.1", path, 200) }
	for _, tt := range []struct {
		name  string
		files []string
		want  string
	}{
		{"one", []string{at(1, "/a") + at(2, "/b")}, "/a /b"},
		{"newest file first", []string{at(10, "/c") + at(11, "/d"), at(1, "/a") + at(2, "/b")}, "/a /b /c /d"},
		{"interleaved", []string{at(1, "/a") + at(3, "/c") + at(5, "/e"), at(2, "/b") + at(4, "/d") + at(6, "/f")}, "/a /b /c /d /e /f"},
		{"at once: in the order given", []string{at(1, "/a") + at(1, "/b"), at(1, "/c")}, "/a /b /c"},
		{"a late line stays with its file", []string{at(5, "/a") + at(1, "/b"), at(3, "/x") + at(6, "/y")}, "/x /a /b /y"},
		{
			"a wrong clock holds nothing up",
			[]string{at(1, "/a") + at(4e7, "/far") + at(3, "/c"), at(2, "/b") + at(4, "/d")},
			"/a /far /b /c /d",
		},
		{
			"a wrong clock in the first line",
			[]string{at(4e7, "/far") + at(2, "/b") + at(5, "/e"), at(1, "/a") + at(4, "/d")},
			"/a /far /b /d /e",
		},
		{"three", []string{at(3, "/c") + at(9, "/i"), at(1, "/a") + at(7, "/g"), at(2, "/b") + at(8, "/h")}, "/a /b /c /g /h /i"},
		{"an empty one and one of garbage", []string{"", "garbage\n", at(1, "/a")}, "/a"},
		{
			"several events of one line",
			[]string{`{"records":[` + js(1, "/a") + "," + js(4, "/d") + "]}\n", at(2, "/b") + at(3, "/c") + at(5, "/e")},
			"/a /b /c /d /e",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, strings.Join(stepped(t, tt.files...), " ")); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

// js is an event in gatewatch's own JSON.
func js(second float64, path string) string {
	at := start.Add(time.Duration(second * float64(time.Second)))
	return fmt.Sprintf(`{"timestamp":%q,"method":"GET","path":%q,"status":200,"client_ip":"192.0.2.1"}`, at.Format(time.RFC3339), path)
}

// TestMergeEqualsOneFile: however a log is dealt out to files, the findings are those of the whole.
func TestMergeEqualsOneFile(t *testing.T) {
	var lines []string
	for i := range 600 {
		client := fmt.Sprintf("192.0.2.%d", i%7)
		lines = append(lines, line(float64(i), client, fmt.Sprintf("/guess-%d", i), 200+204*(i%7/3%2)))
	}
	whole, err := run(t, config(), nil, files(t, strings.Join(lines, ""))...)
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Findings) == 0 {
		t.Fatal("the log has no findings: the test tells nothing")
	}
	for _, n := range []int{2, 3, 7} {
		dealt := make([]string, n)
		for i, l := range lines {
			dealt[i*i%n] += l
		}
		got, err := run(t, config(), nil, files(t, dealt...)...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asJSON(t, whole), asJSON(t, got)); diff != "" {
			t.Errorf("%d files (-one +many):\n%s", n, diff)
		}
	}
}

// asJSON is the findings without where their samples came from.
func asJSON(t *testing.T, r *Result) string {
	t.Helper()
	fs := slices.Clone(r.Findings)
	for i := range fs {
		fs[i] = fs[i].Clone()
		for j := range fs[i].Samples {
			fs[i].Samples[j].Origin = event.Origin{}
		}
	}
	var b strings.Builder
	for i := range fs {
		j, err := json.Marshal(&fs[i])
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(j, '\n'))
	}
	return b.String()
}

func TestErrorsNameTheFile(t *testing.T) {
	paths := files(t, wordlist(0, "198.51.100.7", 60), "")
	sources, err := logfile.Expand(paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(paths[1]); err != nil {
		t.Fatal(err)
	}
	s, err := New(config())
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Run(t.Context(), sources)
	if err == nil || !strings.Contains(err.Error(), paths[1]) {
		t.Errorf("error %v, want one that names %s", err, paths[1])
	}
	if len(res.Findings) == 0 {
		t.Error("the other file was not scanned")
	}
}

func TestRejected(t *testing.T) {
	var out bytes.Buffer
	cfg := config()
	cfg.Rejected = &out
	log := line(0, "192.0.2.1", "/", 200) + "garbage \x1b[31m\n" + "\xff\xfe\n"
	res, err := run(t, cfg, strings.NewReader(log), "-")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"source":"stdin","line":2,"reason":"unknown_format","length":13,"text":"garbage \u001b[31m"}
{"source":"stdin","line":3,"reason":"unknown_format","length":2,"base64":"//4="}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("rejected lines (-want +got):\n%s", diff)
	}
	if res.Events != 1 {
		t.Errorf("%d events, want 1", res.Events)
	}
}

// traffic makes a log of any length of a bounded number of clients.
type traffic struct {
	left int64
	i    int
	rest []byte
}

// Read implements io.Reader.
func (r *traffic) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	if len(r.rest) == 0 {
		client := fmt.Sprintf("192.0.%d.%d", r.i%8, r.i/8%250)
		status, path := 200, fmt.Sprintf("/p%d", r.i%500)
		if r.i%1000 < 50 {
			client, status, path = "198.51.100.7", 404, fmt.Sprintf("/guess%d", r.i)
		}
		r.rest = []byte(line(float64(r.i)/50, client, path, status))
		r.i++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	r.left -= int64(n)
	return n, nil
}

func TestMemoryIsFlat(t *testing.T) {
	size := int64(200 << 20)
	if testing.Short() {
		size = 20 << 20
	}
	heap := func(size int64) uint64 {
		t.Helper()
		sources, err := logfile.Expand([]string{"-"}, &traffic{left: size})
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(config())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Run(t.Context(), sources); err != nil {
			t.Fatal(err)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		runtime.KeepAlive(s)
		return m.HeapAlloc
	}
	small, big := heap(size/20), heap(size)
	// The same clients: what is remembered is the same but for some findings more.
	if big > small+4<<20 {
		t.Errorf("%d bytes of heap after %d MiB of log, %d after %d MiB", big, size>>20, small, size/20>>20)
	}
}

func TestCollectionKeepsTheWorst(t *testing.T) {
	c := collection{limit: 3}
	for i := range 100 {
		c.add(&finding.Finding{Activity: finding.Close, Severity: finding.Low, Score: float64(i * 37 % 100), ID: fmt.Sprint(i)})
		c.add(&finding.Finding{Activity: finding.Update, Severity: finding.Critical})
	}
	c.cut()
	var scores []float64
	for _, f := range c.all {
		scores = append(scores, f.Score)
	}
	if diff := cmp.Diff([]float64{99, 98, 97}, scores); diff != "" {
		t.Errorf("scores kept (-want +got):\n%s", diff)
	}
	if c.dropped != 97 {
		t.Errorf("%d dropped, want 97", c.dropped)
	}
}
