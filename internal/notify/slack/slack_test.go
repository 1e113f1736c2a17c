package slack

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"gatewatch/internal/alert"
	"gatewatch/internal/notify"
	"gatewatch/internal/notify/notifytest"
)

func TestSuite(t *testing.T) {
	notifytest.Suite{
		New: func(c *notify.Client, url string) (notify.Notifier, error) { return New(c, url) },
		OK:  http.StatusOK,
		Body: func(t *testing.T, body []byte) {
			t.Helper()
			checkMessage(t, body)
		},
	}.Run(t)
}

// text is a text object of Slack's.
type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// checkMessage holds a message to Slack's limits, and sees that no attacker's word is markup.
func checkMessage(t *testing.T, body []byte) {
	t.Helper()
	var m struct {
		Text   string `json:"text"`
		Blocks []struct {
			Type     string `json:"type"`
			Text     *text  `json:"text"`
			Fields   []text `json:"fields"`
			Elements []text `json:"elements"`
		} `json:"blocks"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	if m.Text == "" || strings.ContainsAny(m.Text, "<>") {
		t.Errorf("fallback = %q, want it to be there and to have no markup", m.Text)
	}
	total := 0
	if len(m.Blocks) == 0 || len(m.Blocks) > 50 {
		t.Errorf("%d blocks", len(m.Blocks))
	}
	for i, b := range m.Blocks {
		all, limit := append(b.Fields, b.Elements...), 2000
		if b.Text != nil {
			all, limit = append(all, *b.Text), 3000
		}
		if b.Type == "header" {
			limit = 150
		}
		if len(b.Fields) > 10 || len(all) == 0 {
			t.Errorf("block %d has %d fields and %d texts", i, len(b.Fields), len(all))
		}
		for _, x := range all {
			n := utf8.RuneCountInString(x.Text)
			total += n
			if x.Type != "plain_text" || n > limit || n == 0 {
				t.Errorf("block %d has a %s of %d characters, limit %d", i, x.Type, n, limit)
			}
		}
	}
	if total > 10_000 {
		t.Errorf("the message has %d characters", total)
	}
}

func TestMessageOfEveryStatus(t *testing.T) {
	for _, s := range []alert.Status{alert.Firing, alert.Updated, alert.Resolved} {
		n := notifytest.Notification()
		n.Status = s
		body, err := json.Marshal(message(n))
		if err != nil {
			t.Fatal(err)
		}
		checkMessage(t, body)
	}
	body, err := json.Marshal(message(&alert.Notification{Status: alert.Firing}))
	if err != nil {
		t.Fatal(err)
	}
	checkMessage(t, body)
}

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Slack{interval: time.Second}
		start := time.Now()
		for range 4 {
			if err := s.pace(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		// The first goes at once, the others a second apart.
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("four messages take %v, want 3s", took)
		}
	})
}

func TestExplain(t *testing.T) {
	for body, want := range map[string]string{
		"invalid_blocks": "invalid_blocks", "": "", "<html>": "", "no service": "", strings.Repeat("a", 60): "",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(body))
		}))
		s, err := New(notify.NewClient(true), server.URL)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Notify(t.Context(), notifytest.Notification())
		server.Close()
		if err == nil || want != "" && !strings.HasSuffix(err.Error(), want) || body != "" && want == "" && strings.Contains(err.Error(), body) {
			t.Errorf("answer %q: %v", body, err)
		}
	}
}
