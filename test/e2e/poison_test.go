package e2e

import (
	"bytes"
	"strings"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/twmb/franz-go/pkg/kfake"
)

// TestPoison: what nobody can read, in every topic and in the stream, is told of and stepped over; what comes behind it is
// stored.
func TestPoison(t *testing.T) {
	s := newStand(t, kfake.BrokerConfigs(map[string]string{"message.max.bytes": "20000000"}), kfake.SeedTopics(1, "access.raw"))
	all := s.start("ingest", "detector", "alerter")
	garbage := [][]byte{nil, {0}, []byte("\xff\xfe\x00garbage"), bytes.Repeat([]byte{0x0a}, 5000), bytes.Repeat([]byte("\x80"), 300), []byte(`{"specversion":"1.0"}`)}
	for _, topic := range []string{"access.raw", "gatewatch.events.v1", "gatewatch.facets.v1", "gatewatch.findings.v1"} {
		s.produce(topic, garbage...)
	}
	nc, err := natsgo.Connect(s.nats)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	for _, g := range garbage {
		if err := nc.Publish("gatewatch.findings.path_scan.high", g); err != nil {
			t.Fatal(err)
		}
	}
	huge := append(lines(1, "huge", time.Now())[0], bytes.Repeat([]byte("x"), 10<<20)...)
	s.produceLarge("access.raw", huge)
	s.produceLarge("gatewatch.events.v1", huge)
	s.produce("access.raw", lines(50, "after", time.Now())...)
	s.events(50, "startsWith(path, '/after')")
	for _, svc := range all {
		svc.ready()
		if n := svc.logged("\n"); n > 40 {
			t.Errorf("%s has logged %d lines", svc.name, n)
		}
		t.Logf("%s", svc.text())
		t.Logf("%s", svc.readiness())
		if strings.Contains(svc.text(), "goroutine ") {
			t.Error("it tells a stack")
		}
		svc.terminate()
	}
}
