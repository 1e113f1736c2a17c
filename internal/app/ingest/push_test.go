package ingest

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"

	"gatewatch/internal/kafka"
	"gatewatch/internal/push"
)

// freePort is a port of this machine that nobody listened on just now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// send posts a request until somebody listens and Kafka is there.
func send(t *testing.T, url, kind, content string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		resp, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("posting to %s: %v, %v", url, resp, err)
		}
	}
}

// TestPush posts lines, and an OTLP export of one record with a body: both come out as events, through the raw topic.
func TestPush(t *testing.T) {
	t.Parallel()
	b := newBroker(t, kfake.SeedTopics(1, "access.raw"))
	cfg := b.config()
	cfg.Ingest.Push.Listen = freePort(t)
	r := run(t, cfg)
	url := "http://" + cfg.Ingest.Push.Listen + push.Path
	send(t, url+"?service=shop", "text/plain", line(0, "192.0.2.1", "/0")+"\n"+line(1, "192.0.2.1", "/1")+"\n")
	send(t, url, "application/json", `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"`+
		strings.ReplaceAll(line(2, "192.0.2.1", "/2"), `"`, `\"`)+`"}}]}]}]}`)
	got := map[string]string{}
	for _, e := range events(t, b.read(t, "gatewatch.events.v1").next(t, 3)) {
		got[e.Path] = kafka.TopicOf(e.Origin.Topic) + " " + e.Service
	}
	if diff := cmp.Diff(map[string]string{"/0": "access.raw shop", "/1": "access.raw shop", "/2": "access.raw "}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	r.stop(t)
	if conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", cfg.Ingest.Push.Listen); err == nil {
		_ = conn.Close()
		t.Error("somebody listens after the end")
	}
}
