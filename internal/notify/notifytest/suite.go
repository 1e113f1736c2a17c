// Package notifytest is what every receiver's kind has to pass: what it makes of answers, that it waits for nobody for
// ever, and that neither a secret nor an attacker's word gets where it must not.
package notifytest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/finding"
	"gatewatch/internal/notify"
)

// Suite tests one kind.
type Suite struct {
	// New makes a notifier that posts to a URL.
	New func(client *notify.Client, url string) (notify.Notifier, error)
	// OK is the status of success.
	OK int
	// Secrets must be in no error, besides the URL.
	Secrets []string
	// Body looks at what is posted for a hostile notification; nil looks at nothing.
	Body func(t *testing.T, body []byte)
}

// Path is the path of the URL that Suite gives to New; as with Slack, it is a secret.
const Path = "/services/T000/B000/verysecretpath"

// Hostile is what an attacker would write if it got into a notification.
const Hostile = "<!channel> <https://evil.example|click> *b* `x` & \"q\" \u202e\x1b[31m"

// Notification is one that has everything, its texts an attacker's.
func Notification() *alert.Notification {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	n := &alert.Notification{
		ID: "0123456789abcdef0123456789abcdef", Incident: "fedcba9876543210fedcba9876543210", Sequence: 3,
		Status: alert.Updated, Reason: alert.Rise, Severity: finding.High, Title: "Path scan by " + Hostile,
		Family: finding.FamilyRecon, Entity: alert.Entity{Type: "principal", Value: Hostile}, Service: Hostile,
		Time: at, FirstSeen: at.Add(-time.Minute), LastSeen: at, Count: 1234, More: 2,
		Attack: []string{"T1595.003"}, OWASP: []string{"API9:2023"}, OAT: []string{"OAT-018"},
	}
	for range 8 {
		n.Findings = append(n.Findings, alert.Finding{
			ID: "00000000000000000000000000000001", Revision: 2, Open: true, Detector: "path_scan", Severity: finding.High,
			Title: Hostile, Description: strings.Repeat(Hostile, 20), Count: 99, FirstSeen: at, LastSeen: at,
			Evidence: []alert.Number{{Name: "distinct_paths", Value: 57}, {Name: "share", Value: 0.98765}},
		})
	}
	for range 3 {
		n.Samples = append(n.Samples, "2026-11-20T12:00:00Z GET /"+strings.Repeat(Hostile, 10)+" → 404")
	}
	return n
}

// Run runs the suite.
func (s Suite) Run(t *testing.T) {
	t.Run("status", s.status)
	t.Run("retry after", s.retryAfter)
	t.Run("trouble", s.trouble)
	t.Run("guard", s.guard)
	t.Run("hostile", s.hostile)
}

// notify delivers once to an endpoint that answers so, and returns the error as one of package notify.
func (s Suite) notify(t *testing.T, h http.HandlerFunc) *notify.Error {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	return s.deliver(t, notify.NewClient(true).WithTimeout(5*time.Second), server.URL)
}

func (s Suite) deliver(t *testing.T, client *notify.Client, base string) *notify.Error {
	t.Helper()
	n, err := s.New(client, base+Path)
	if err != nil {
		t.Fatal(err)
	}
	err = n.Notify(t.Context(), Notification())
	if err == nil {
		return nil
	}
	for _, secret := range append([]string{Path, "verysecretpath"}, s.Secrets...) {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
	e, ok := errors.AsType[*notify.Error](err)
	if !ok {
		t.Fatalf("Notify = %v, want a *notify.Error", err)
	}
	return e
}

func (s Suite) status(t *testing.T) {
	tests := []struct {
		status    int
		reason    notify.Reason
		temporary bool
	}{
		{301, notify.Redirected, false},
		{302, notify.Redirected, false},
		{307, notify.Redirected, false},
		{400, notify.Rejected, false},
		{401, notify.Denied, false},
		{403, notify.Denied, false},
		{404, notify.Gone, false},
		{408, notify.Unavailable, true},
		{410, notify.Gone, false},
		{413, notify.TooLarge, false},
		{422, notify.Rejected, false},
		{429, notify.RateLimited, true},
		{500, notify.ServerError, true},
		{502, notify.Unavailable, true},
		{503, notify.Unavailable, true},
		{504, notify.Unavailable, true},
	}
	if e := s.notify(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(s.OK) }); e != nil {
		t.Errorf("status %d: %v", s.OK, e)
	}
	for _, tt := range tests {
		var requests atomic.Int32
		e := s.notify(t, func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(tt.status)
			// A receiver may say anything, the secrets that it knows included.
			_, _ = w.Write([]byte(r.URL.Path + strings.Join(s.Secrets, " ")))
		})
		switch {
		case e == nil:
			t.Errorf("status %d is a success", tt.status)
		case e.Reason != tt.reason || e.Temporary() != tt.temporary || e.Status != tt.status:
			t.Errorf("status %d: reason %v, temporary %v, status %d; want %v, %v", tt.status, e.Reason, e.Temporary(), e.Status,
				tt.reason, tt.temporary)
		}
		if requests.Load() != 1 {
			t.Errorf("status %d: %d requests, want 1", tt.status, requests.Load())
		}
	}
}

func (s Suite) retryAfter(t *testing.T) {
	const asked = 300
	for name, value := range map[string]string{
		"seconds": "300", "date": time.Now().Add(asked * time.Second).UTC().Format(http.TimeFormat),
	} {
		e := s.notify(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		if e == nil || e.RetryAfter < (asked-10)*time.Second || e.RetryAfter > asked*time.Second {
			t.Errorf("Retry-After in %s: %+v, want about %d s", name, e, asked)
		}
	}
	for _, value := range []string{"-5", "soon", "1e300", "999999999"} {
		e := s.notify(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		if e == nil || e.RetryAfter < 0 || e.RetryAfter > time.Hour {
			t.Errorf("Retry-After %q: %+v, want at most an hour", value, e)
		}
	}
}

func (s Suite) trouble(t *testing.T) {
	hang := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer hanging.Close()
	defer close(hang)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}))
	defer endless.Close()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	defer untrusted.Close()
	mute := listen(t)
	tests := []struct {
		name   string
		url    string
		reason notify.Reason
	}{
		{"hanging", hanging.URL, notify.Timeout},
		{"not there", closed.URL, notify.Unreachable},
		{"endless answer", endless.URL, notify.Unavailable},
		{"certificate of nobody", untrusted.URL, notify.Untrusted},
		{"accepts and says nothing", "http://" + mute, notify.Timeout},
		{"no such name", "http://nowhere.invalid", notify.Unreachable},
	}
	for _, tt := range tests {
		start := time.Now()
		e := s.deliver(t, notify.NewClient(true).WithTimeout(300*time.Millisecond), tt.url)
		if e == nil || e.Reason != tt.reason && tt.name != "no such name" || !e.Temporary() {
			t.Errorf("%s: %+v, want %v", tt.name, e, tt.reason)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %v", tt.name, took)
		}
	}
}

// listen accepts connections and says nothing.
func listen(t *testing.T) string {
	t.Helper()
	var cfg net.ListenConfig
	l, err := cfg.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

func (s Suite) guard(t *testing.T) {
	client := notify.NewClient(false)
	for _, base := range []string{
		"https://127.0.0.1:1", "https://localhost:1", "https://10.0.0.1", "https://169.254.169.254", "https://[::1]:1",
		"https://[::ffff:127.0.0.1]:1", "https://100.64.0.1", "https://[64:ff9b::7f00:1]", "https://0.0.0.0:1",
	} {
		if e := s.deliver(t, client, base); e == nil || e.Reason != notify.Forbidden || e.Temporary() {
			t.Errorf("%s: %+v, want it refused", base, e)
		}
	}
	for _, base := range []string{"", "http://example.com", "ftp://example.com", "https://", "https://exa mple.com", "%%"} {
		if base == "" && len(Path) > 0 {
			base = "no scheme"
		}
		if _, err := s.New(client, base+Path); err == nil {
			t.Errorf("New takes the url %q", base)
		} else if strings.Contains(err.Error(), "verysecretpath") {
			t.Errorf("New tells the url: %v", err)
		}
	}
}

func (s Suite) hostile(t *testing.T) {
	var body []byte
	e := s.notify(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") != "application/json" || r.Method != http.MethodPost {
			t.Errorf("%s of %s", r.Method, r.Header.Get("Content-Type"))
		}
		body = readAll(t, r)
		w.WriteHeader(s.OK)
	})
	if e != nil {
		t.Fatal(e)
	}
	if s.Body != nil {
		s.Body(t, body)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n, err := s.New(notify.NewClient(true), "http://127.0.0.1:1"+Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Notify(ctx, Notification()); err == nil {
		t.Error("Notify succeeds after its context has ended")
	}
}
