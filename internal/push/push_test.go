package push

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	collector "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"google.golang.org/protobuf/proto"

	"gatewatch/internal/protowire"
)

// sink keeps what it is given; answer decides what becomes of a record.
type sink struct {
	mu      sync.Mutex
	records []string
	answer  func(r Record, done func(error))
}

func (s *sink) Produce(_ context.Context, r Record, done func(error)) {
	s.mu.Lock()
	text := string(r.Value)
	if r.Service != "" {
		text += " service=" + r.Service
	}
	s.records = append(s.records, text)
	s.mu.Unlock()
	if s.answer == nil {
		done(nil)
		return
	}
	s.answer(r, done)
}

func (s *sink) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.records...)
}

const local = "127.0.0.1:0"

func serve(t *testing.T, cfg Config, to *sink) (*Server, *httptest.Server) {
	t.Helper()
	if cfg.Listen == "" {
		cfg.Listen = local
	}
	s, err := New(cfg, to)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return s, h
}

// answer is how a request was answered.
type answer struct {
	code   int
	header http.Header
}

// post sends a request and returns its answer. The headers are names and values in turn.
func post(t *testing.T, url string, content []byte, headers ...string) (answer, string) {
	t.Helper()
	return do(t, http.MethodPost, url, content, headers...)
}

func do(t *testing.T, method, url string, content []byte, headers ...string) (answer, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header}, string(b)
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func zstandard(b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(b, nil)
}

func TestTaken(t *testing.T) {
	const object = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]}`
	protobuf := "\n\x09\x12\x07\x12\x05\x2a\x03\n\x01b"
	tests := []struct {
		name    string
		path    string
		content []byte
		headers []string
		want    []string
		body    string
	}{
		{"text", "", []byte("a\r\n\nb\nc"), []string{"Content-Type", "text/plain; charset=utf-8"}, []string{"a", "b", "c"}, "3 records accepted\n"},
		{"nothing", "", nil, []string{"Content-Type", "text/plain"}, nil, "0 records accepted\n"},
		{"ndjson", "", []byte("{\"a\":1}\n{\"b\":2}\n"), []string{"Content-Type", "application/x-ndjson"}, []string{`{"a":1}`, `{"b":2}`}, "2 records accepted\n"},
		{"gzip", "", gzipped([]byte("a\nb")), []string{"Content-Type", "text/plain", "Content-Encoding", "gzip"}, []string{"a", "b"}, "2 records accepted\n"},
		{"zstd", "", zstandard([]byte("a\nb")), []string{"Content-Type", "text/plain", "Content-Encoding", "zstd"}, []string{"a", "b"}, "2 records accepted\n"},
		{"identity", "", []byte("a"), []string{"Content-Type", "text/plain", "Content-Encoding", "identity"}, []string{"a"}, "1 records accepted\n"},
		{"OTLP JSON", "", []byte(object), []string{"Content-Type", "application/json"}, []string{object}, "{}"},
		{"array", "", []byte(` [{"a":1},{"b":2}]`), []string{"Content-Type", "application/json"}, []string{`[{"a":1},{"b":2}]`}, "{}"},
		{"OTLP protobuf", "", []byte(protobuf), []string{"Content-Type", "application/x-protobuf"}, []string{protobuf}, ""},
		{"empty protobuf", "", nil, []string{"Content-Type", "application/x-protobuf"}, nil, ""},
		{"service by parameter", "?service=shop", []byte("a"), []string{"Content-Type", "text/plain"}, []string{"a service=shop"}, "1 records accepted\n"},
		{"service by header", "?service=x", []byte("a"), []string{"Content-Type", "text/plain", "X-Gatewatch-Service", "shop"}, []string{"a service=shop"}, "1 records accepted\n"},
		{"long line", "", []byte(strings.Repeat("x", 101) + "\nb"), []string{"Content-Type", "text/plain"}, []string{strings.Repeat("x", 100), "b"}, "2 records accepted\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var to sink
			s, h := serve(t, Config{MaxRecord: 100}, &to)
			resp, body := post(t, h.URL+Path+tt.path, tt.content, tt.headers...)
			if resp.code != http.StatusOK || body != tt.body {
				t.Errorf("answered %d %q, want 200 %q", resp.code, body, tt.body)
			}
			if want := strings.TrimPrefix(tt.headers[1], "text/plain; charset=utf-8"); strings.Contains(want, "otobuf") && resp.header.Get("Content-Type") != want {
				t.Errorf("answered in %s, want %s", resp.header.Get("Content-Type"), want)
			}
			if diff := cmp.Diff(tt.want, to.all()); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if n := s.budget.taken.Load(); n != 0 {
				t.Errorf("%d bytes stay taken", n)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	plain := []string{"Content-Type", "text/plain"}
	bomb := gzipped(bytes.Repeat([]byte("x\n"), 100_000))
	tests := []struct {
		name    string
		cfg     Config
		method  string
		path    string
		content []byte
		headers []string
		code    int
		want    [2]string // a header of the answer
	}{
		{"no token", Config{Token: "secret"}, "POST", Path, []byte("a"), plain, 401, [2]string{"Www-Authenticate", `Bearer realm="gatewatch"`}},
		{"wrong token", Config{Token: "secret"}, "POST", Path, []byte("a"), append([]string{"Authorization", "Bearer secreT"}, plain...), 401, [2]string{}},
		{"another scheme", Config{Token: "secret"}, "POST", Path, []byte("a"), append([]string{"Authorization", "Basic secret"}, plain...), 401, [2]string{}},
		{"from a web page", Config{}, "POST", Path, []byte("a"), append([]string{"Origin", "https://a.test"}, plain...), 403, [2]string{}},
		{"elsewhere", Config{}, "POST", "/", []byte("a"), plain, 404, [2]string{}},
		{"GET", Config{}, "GET", Path, nil, plain, 405, [2]string{"Allow", "POST"}},
		{"too large", Config{MaxBody: 10}, "POST", Path, []byte("12345678901"), plain, 413, [2]string{}},
		{"too large when decompressed", Config{MaxBody: 1000}, "POST", Path, bomb, append([]string{"Content-Encoding", "gzip"}, plain...), 413, [2]string{}},
		{"too many lines", Config{}, "POST", Path, bytes.Repeat([]byte("x\n"), maxLines+1), plain, 413, [2]string{}},
		{"form", Config{}, "POST", Path, []byte("a"), []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, [2]string{}},
		{"no type", Config{}, "POST", Path, []byte("a"), nil, 415, [2]string{}},
		{"brotli", Config{}, "POST", Path, []byte("a"), append([]string{"Content-Encoding", "br"}, plain...), 415, [2]string{"Accept-Encoding", "gzip, zstd, identity"}},
		{"no gzip", Config{}, "POST", Path, []byte("a"), append([]string{"Content-Encoding", "gzip"}, plain...), 400, [2]string{}},
		{"no zstd", Config{}, "POST", Path, []byte("a"), append([]string{"Content-Encoding", "zstd"}, plain...), 400, [2]string{}},
		{"cut off", Config{}, "POST", Path, bomb[:len(bomb)/2], append([]string{"Content-Encoding", "gzip"}, plain...), 400, [2]string{}},
		{"odd service", Config{}, "POST", Path + "?service=a%0Ab", []byte("a"), plain, 400, [2]string{}},
		{"no JSON", Config{}, "POST", Path, []byte("a"), []string{"Content-Type", "application/json"}, 400, [2]string{"Content-Type", "application/json"}},
		{"no object", Config{}, "POST", Path, []byte("7"), []string{"Content-Type", "application/json"}, 400, [2]string{}},
		{"no protobuf", Config{}, "POST", Path, []byte("a"), []string{"Content-Type", "application/x-protobuf"}, 400, [2]string{"Content-Type", "application/x-protobuf"}},
		{"large and no OTLP", Config{MaxRecord: 10}, "POST", Path, []byte(`{"a":"1234567"}`), []string{"Content-Type", "application/json"}, 413, [2]string{}},
		{"over budget", Config{MaxPending: 1000}, "POST", Path, []byte("a"), plain, 429, [2]string{"Retry-After", retryAfter}},
		{"records over budget", Config{MaxPending: readStep + 100}, "POST", Path, []byte("a"), plain, 429, [2]string{"Retry-After", retryAfter}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var to sink
			if tt.name == "records over budget" {
				tt.content = []byte(strings.Repeat("a\n", 300))
			}
			s, h := serve(t, tt.cfg, &to)
			resp, body := do(t, tt.method, h.URL+tt.path, tt.content, tt.headers...)
			if resp.code != tt.code || tt.want[0] != "" && resp.header.Get(tt.want[0]) != tt.want[1] {
				t.Errorf("answered %d %v %q, want %d %v", resp.code, resp.header, body, tt.code, tt.want)
			}
			if len(to.all()) > 0 {
				t.Errorf("took %q", to.all())
			}
			if n := s.budget.taken.Load(); n != 0 {
				t.Errorf("%d bytes stay taken", n)
			}
			if strings.Contains(body, "secret") {
				t.Errorf("the answer holds the token: %s", body)
			}
		})
	}
}

func TestToken(t *testing.T) {
	var to sink
	_, h := serve(t, Config{Listen: "192.0.2.1:80", Token: "secret"}, &to)
	resp, _ := post(t, h.URL+Path, []byte("a"), "Content-Type", "text/plain", "Authorization", "bearer secret", "Origin", "https://a.test")
	if resp.code != http.StatusOK {
		t.Errorf("answered %d", resp.code)
	}
}

// TestStatusBodies reads the answers to OTLP requests as an exporter does.
func TestStatusBodies(t *testing.T) {
	_, h := serve(t, Config{Token: "secret"}, new(sink))
	_, body := post(t, h.URL+Path, nil, "Content-Type", "application/x-protobuf")
	// google.rpc.Status: the code is field 1, a varint, and the message field 2.
	if !strings.HasPrefix(body, "\x08\x10\x12") || !strings.HasSuffix(body, "missing or wrong") || !protowire.Valid([]byte(body)) {
		t.Errorf("status %q", body)
	}
	_, body = post(t, h.URL+Path, nil, "Content-Type", "application/json")
	var object struct {
		Code    int
		Message string
	}
	if err := json.Unmarshal([]byte(body), &object); err != nil || object.Code != 16 || object.Message == "" {
		t.Errorf("status %+v, %v", object, err)
	}
	var response collector.ExportLogsServiceResponse
	if err := proto.Unmarshal(accepted(1, 3).protobuf(), &response); err != nil || response.PartialSuccess.RejectedLogRecords != 3 {
		t.Errorf("response %v, %v", &response, err)
	}
	if got := string(accepted(1, 3).json()); !strings.HasPrefix(got, `{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"`) {
		t.Errorf("response %s", got)
	}
}

func TestKafkaTrouble(t *testing.T) {
	tests := []struct {
		name string
		err  error
		code int
	}{
		{"too large", fmt.Errorf("producing: %w", ErrTooLarge), 413},
		{"given up", context.Canceled, 503},
		{"away", errors.New("dial tcp 10.1.2.3:9092: refused"), 503},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to := &sink{answer: func(r Record, done func(error)) {
				if string(r.Value) == "b" {
					done(tt.err)
				} else {
					done(nil)
				}
			}}
			s, h := serve(t, Config{}, to)
			resp, body := post(t, h.URL+Path, []byte("a\nb\nc"), "Content-Type", "text/plain")
			if resp.code != tt.code || strings.Contains(body, "10.1.2.3") {
				t.Errorf("answered %d %q, want %d", resp.code, body, tt.code)
			}
			if n := s.budget.taken.Load(); n != 0 {
				t.Errorf("%d bytes stay taken", n)
			}
		})
	}
}

// TestSlowKafka holds acknowledgements back: the request gives up, yet its memory is counted until they come.
func TestSlowKafka(t *testing.T) {
	held := make(chan func(error), 10)
	to := &sink{answer: func(_ Record, done func(error)) { held <- done }}
	s, h := serve(t, Config{Wait: 10 * time.Millisecond, MaxPending: readStep + 100}, to)
	resp, _ := post(t, h.URL+Path, []byte("a\nb"), "Content-Type", "text/plain")
	if resp.code != http.StatusServiceUnavailable || resp.header.Get("Retry-After") == "" {
		t.Errorf("answered %d, want 503", resp.code)
	}
	if resp, _ := post(t, h.URL+Path, []byte("c"), "Content-Type", "text/plain"); resp.code != http.StatusTooManyRequests {
		t.Errorf("answered %d, want 429", resp.code)
	}
	(<-held)(nil)
	(<-held)(nil)
	if n := s.budget.taken.Load(); n != 0 {
		t.Errorf("%d bytes stay taken", n)
	}
}

func TestTooManyAtATime(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	to := &sink{answer: func(_ Record, done func(error)) {
		close(entered)
		<-leave
		done(nil)
	}}
	_, h := serve(t, Config{MaxRequests: 1}, to)
	first := make(chan int)
	go func() {
		resp, _ := post(t, h.URL+Path, []byte("a"), "Content-Type", "text/plain")
		first <- resp.code
	}()
	<-entered
	if resp, _ := post(t, h.URL+Path, []byte("b"), "Content-Type", "text/plain"); resp.code != http.StatusTooManyRequests {
		t.Errorf("the second was answered %d, want 429", resp.code)
	}
	close(leave)
	if code := <-first; code != http.StatusOK {
		t.Errorf("the first was answered %d", code)
	}
}

// TestRun stops the server while a request waits: it is answered before Run returns.
func TestRun(t *testing.T) {
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", local)
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	entered, leave := make(chan struct{}), make(chan struct{})
	to := &sink{answer: func(_ Record, done func(error)) {
		close(entered)
		<-leave
		done(nil)
	}}
	s, err := New(Config{Listen: address}, to)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address); err == nil {
			_ = conn.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody listens")
		}
	}
	answered := make(chan int, 1)
	go func() {
		resp, _ := post(t, "http://"+address+Path, []byte("a"), "Content-Type", "text/plain")
		answered <- resp.code
	}()
	<-entered
	cancel()
	close(leave)
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if code := <-answered; code != http.StatusOK {
		t.Errorf("the last request was answered %d", code)
	}
}
