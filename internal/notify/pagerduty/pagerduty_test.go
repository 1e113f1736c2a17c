package pagerduty

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/alert"
	"gatewatch/internal/finding"
	"gatewatch/internal/notify"
	"gatewatch/internal/notify/notifytest"
)

const testKey = "0123456789abcdefghijklmnopqrstuv"

func TestSuite(t *testing.T) {
	notifytest.Suite{
		New: func(c *notify.Client, url string) (notify.Notifier, error) { return New(c, url, testKey) },
		OK:  http.StatusAccepted, Secrets: []string{testKey},
		Body: func(t *testing.T, body []byte) {
			t.Helper()
			var e event
			if err := json.Unmarshal(body, &e); err != nil {
				t.Fatal(err)
			}
			if n := utf8.RuneCountInString(e.Payload.Summary); n > maxSummary || len(body) > maxEvent || len(e.DedupKey) > 255 {
				t.Errorf("summary of %d characters in %d bytes", n, len(body))
			}
		},
	}.Run(t)
}

func TestEvents(t *testing.T) {
	tests := []struct {
		name             string
		status           alert.Status
		severity         finding.Severity
		action, expected string
	}{
		{"firing", alert.Firing, finding.Critical, "trigger", "critical"},
		{"updated", alert.Updated, finding.High, "trigger", "error"},
		{"resolved", alert.Resolved, finding.Medium, "resolve", "warning"},
		{"low", alert.Firing, finding.Low, "trigger", "info"},
		{"info", alert.Firing, finding.Info, "trigger", "info"},
	}
	p, err := New(notify.NewClient(false), "", testKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := notifytest.Notification()
			n.Status, n.Severity, n.Title = tt.status, tt.severity, strings.Repeat("ü", 2000)
			body, err := p.encode(n)
			if err != nil {
				t.Fatal(err)
			}
			var got event
			if err := json.Unmarshal(body, &got); err != nil {
				t.Fatal(err)
			}
			got.Payload.Details = nil
			want := event{
				RoutingKey: testKey, Action: tt.action, DedupKey: n.Incident, Client: "gatewatch", Payload: &payload{
					Summary: notify.Cut(notify.Headline(n), 1024), Source: n.Entity.Value, Severity: tt.expected,
					Timestamp: "2026-11-20T12:00:00Z", Component: n.Service, Group: "principal", Class: "reconnaissance",
				},
			}
			if diff := cmp.Diff(jsonOf(t, want), jsonOf(t, got)); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLargeDetailsAreLeftOut(t *testing.T) {
	p, err := New(notify.NewClient(false), "", testKey)
	if err != nil {
		t.Fatal(err)
	}
	n := notifytest.Notification()
	n.Samples = []string{strings.Repeat("x", 600_000)}
	body, err := p.encode(n)
	if err != nil || len(body) > 512_000 {
		t.Errorf("an event of %d bytes (%v)", len(body), err)
	}
}

func TestRateLimitIsAMinute(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"status":"throttle exceeded","message":"too many ` + testKey + `","errors":["slow down"]}`))
	}))
	defer server.Close()
	p, err := New(notify.NewClient(true), server.URL, testKey)
	if err != nil {
		t.Fatal(err)
	}
	err = p.Notify(t.Context(), notifytest.Notification())
	want := &notify.Error{
		Reason: notify.RateLimited, Status: 429, RetryAfter: time.Minute, Detail: "too many <secret>; slow down",
	}
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Errorf("Notify (-want +got):\n%s", diff)
	}
}

func TestNewRefusesAKeyOfAnotherLength(t *testing.T) {
	if _, err := New(notify.NewClient(true), "", "tooshort"); err == nil || strings.Contains(err.Error(), "tooshort") {
		t.Errorf("New = %v, want a refusal that does not tell the key", err)
	}
}
