package up

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/config"
	"gatewatch/internal/embedded"
	"gatewatch/internal/terminal"
)

func stack() *embedded.Stack {
	return &embedded.Stack{Kafka: "127.0.0.1:1", NATS: "127.0.0.1:2", ClickHouse: "127.0.0.1:3", ClickHouseHTTP: "127.0.0.1:4"}
}

func TestServicesAreOnTheStack(t *testing.T) {
	user := config.Default()
	user.Kafka.Brokers, user.Kafka.TLS.Enabled = []string{"kafka.example:9093"}, true
	user.Kafka.SASL = config.SASL{Mechanism: "plain", User: "u", Password: "p"}
	user.ClickHouse.Password, user.NATS.User = "p", "u"
	user.Alerter.Receivers = map[string]config.Receiver{"team": {Slack: config.Slack{URL: "https://hooks.slack.com/x"}}}
	c := Config{
		Load:   func() (config.Config, error) { return user, nil },
		Topics: []string{"a", "b"}, Partitions: 3, Webhooks: []string{"http://127.0.0.1:5/"}, MinSeverity: "low",
	}
	c.Stack.Dir = "/data"
	got, err := c.services(stack(), places{push: "127.0.0.1:6"})
	if err != nil {
		t.Fatal(err)
	}
	want := user
	want.Kafka.Brokers, want.Kafka.TLS, want.Kafka.SASL = []string{"127.0.0.1:1"}, config.TLS{}, config.SASL{}
	want.Kafka.Topics.Raw, want.Kafka.Partitions, want.Kafka.Replicas = []string{"a", "b"}, 3, 1
	want.NATS.Servers, want.NATS.User = []string{"nats://127.0.0.1:2"}, ""
	want.ClickHouse.Addresses, want.ClickHouse.Password = []string{"127.0.0.1:3"}, ""
	want.Ingest.DataDir, want.Ingest.Push.Listen, want.Detector.DataDir = "/data/ingest", "127.0.0.1:6", "/data/detector"
	want.Alerter.MinSeverity, want.Alerter.AllowPrivate = "low", true
	want.Alerter.Receivers = map[string]config.Receiver{
		"team": user.Alerter.Receivers["team"], "webhook-1": {Webhook: config.Webhook{URL: "http://127.0.0.1:5/"}},
	}
	for _, part := range []struct {
		name      string
		want, got any
	}{
		{"kafka", want.Kafka, got.Kafka},
		{"nats", want.NATS, got.NATS},
		{"clickhouse", want.ClickHouse, got.ClickHouse},
		{"ingest", want.Ingest, got.Ingest},
		{"detector", want.Detector, got.Detector},
		{"alerter", want.Alerter, got.Alerter},
	} {
		if diff := cmp.Diff(part.want, part.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", part.name, diff)
		}
	}
	if len(user.Alerter.Receivers) != 1 {
		t.Error("the user's receivers were changed")
	}
}

func TestFaultsAreToldBeforeAnythingStarts(t *testing.T) {
	fault := errors.New("line 3: no such key")
	dir := t.TempDir() + "/data"
	err := Run(t.Context(), Config{
		Stack: embedded.Config{Dir: dir, Library: "/nowhere"},
		Load:  func() (config.Config, error) { return config.Config{}, fault },
	})
	if !errors.Is(err, fault) {
		t.Errorf("Run = %v, want %v", err, fault)
	}
}

func TestListen(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it takes no time
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nobody connected
	taken := l.Addr().String()
	usual := l.Addr().(*net.TCPAddr).Port

	if got, err := listen(t.Context(), none, usual); got != none || err != nil {
		t.Errorf("listen(none) = %s, %v", got, err)
	}
	if got, err := listen(t.Context(), taken, 0); err == nil {
		t.Errorf("listen(a port that is taken) = %s, want an error", got)
	}
	if got, err := listen(t.Context(), "", usual); got == taken || err != nil {
		t.Errorf("listen(usual port taken) = %s, %v, want another", got, err)
	}
}

func TestBannerSaysHow(t *testing.T) {
	cfg := config.Default()
	cfg.Kafka.Topics.Raw = []string{"edge.raw"}
	var out bytes.Buffer
	c := Config{Out: &out}
	c.banner(&out, stack(), cfg, places{push: "127.0.0.1:6", admin: "127.0.0.1:7"})
	for _, want := range []string{
		"kcat -P -b 127.0.0.1:1 -t edge.raw", `broker="127.0.0.1:1"`, `topic="edge.raw" template`, "bootstrap_servers: '127.0.0.1:1'",
		"topics=edge.raw", "http://127.0.0.1:6/v1/logs", "http://127.0.0.1:4/", "--host 127.0.0.1 --port 3", "nats://127.0.0.1:2",
		"http://127.0.0.1:7/metrics",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the banner does not say %q:\n%s", want, out.String())
		}
	}
	out.Reset()
	c.banner(&out, stack(), cfg, places{push: none, admin: none})
	if strings.Contains(out.String(), "/v1/logs") || strings.Contains(out.String(), "/metrics") {
		t.Errorf("the banner names what is off:\n%s", out.String())
	}
}

func TestDownloadOffATerminal(t *testing.T) {
	var out bytes.Buffer
	d := download{w: &out, screen: terminal.Screen{}}
	for done := int64(0); done <= 200e6; done += 1e6 {
		d.show(done, 200e6)
	}
	d.end()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 11 || lines[10] != "  100 % of 200 MB" { // the sentence, and a line for each tenth
		t.Errorf("progress = %q", lines)
	}
}
