package webhook

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/notify"
	"gatewatch/internal/notify/notifytest"
)

const (
	// testSecret and its signature are the example of Standard Webhooks' own verifiers.
	testSecret  = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	otherSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
)

func TestSuite(t *testing.T) {
	notifytest.Suite{
		New: func(c *notify.Client, url string) (notify.Notifier, error) {
			return New(c, url, []string{testSecret, otherSecret})
		},
		OK: http.StatusNoContent, Secrets: []string{testSecret, otherSecret},
		Body: func(t *testing.T, body []byte) {
			t.Helper()
			if len(body) >= 20_000 {
				t.Errorf("the body has %d bytes", len(body))
			}
		},
	}.Run(t)
}

func TestSignIsTheStandards(t *testing.T) {
	k, err := parseKey(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	got := sign([]key{k}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("sign = %s, want %s", got, want)
	}
}

func TestRequest(t *testing.T) {
	var (
		header http.Header
		data   []byte
	)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header
		data, _ = io.ReadAll(r.Body)
	}))
	defer server.Close()
	w, err := New(notify.NewClient(true), server.URL, []string{testSecret, otherSecret})
	if err != nil {
		t.Fatal(err)
	}
	n := notifytest.Notification()
	if err := w.Notify(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if got := header.Get("Webhook-Id"); got != n.ID {
		t.Errorf("webhook-id = %q, want %q", got, n.ID)
	}
	stamp := header.Get("Webhook-Timestamp")
	s, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || time.Since(time.Unix(s, 0)).Abs() > time.Minute {
		t.Errorf("webhook-timestamp = %q, want now", stamp)
	}
	if got, want := header.Get("Webhook-Signature"), sign(w.keys, n.ID, stamp, data); got != want || strings.Count(got, "v1,") != 2 {
		t.Errorf("webhook-signature = %q, want %q", got, want)
	}
	var got struct {
		Type      string             `json:"type"`
		Timestamp time.Time          `json:"timestamp"`
		Data      alert.Notification `json:"data"`
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "incident.updated" || !got.Timestamp.Equal(n.Time) || got.Data.Incident != n.Incident {
		t.Errorf("body = %+v", got)
	}
}

func TestBodyIsCutToSize(t *testing.T) {
	n := notifytest.Notification()
	n.Samples = []string{strings.Repeat("x", 15_000)}
	for i := range n.Findings {
		n.Findings[i].Description = strings.Repeat("y", 3000)
	}
	b, err := encode(n)
	if err != nil {
		t.Fatal(err)
	}
	var got body
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	// 8 findings of more than 3 kB are too much, 4 are not.
	if len(b) >= maxBody || len(got.Data.Findings) != 4 || got.Data.More != n.More+4 || len(got.Data.Samples) != 0 {
		t.Errorf("%d bytes, %d findings, %d more, %d samples", len(b), len(got.Data.Findings), got.Data.More, len(got.Data.Samples))
	}
	if len(n.Findings) != 8 || len(n.Samples) != 1 {
		t.Error("the notification itself has been cut")
	}
}

func TestParseKey(t *testing.T) {
	for name, secret := range map[string]string{
		"no prefix": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"no base64": "whsec_not base64 at all",
		"too short": "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)),
		"too long":  "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65)),
	} {
		if _, err := parseKey(secret); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: parseKey = %v, want a refusal that does not tell the secret", name, err)
		}
	}
	for _, size := range []int{24, 64} {
		if k, err := parseKey("whsec_" + base64.StdEncoding.EncodeToString(make([]byte, size))); err != nil || len(k) != size {
			t.Errorf("a secret of %d bytes: %v", size, err)
		}
	}
}
