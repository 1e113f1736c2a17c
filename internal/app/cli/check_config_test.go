package cli

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/twmb/franz-go/pkg/kfake"

	"gatewatch/internal/config"
)

func TestCheckConfig(t *testing.T) {
	dir := t.TempDir()
	good := save(t, filepath.Join(dir, "good.yaml"), []byte("log: {level: warn}\n"))
	risky := save(t, filepath.Join(dir, "risky.yaml"), []byte("kafka: {sasl: {mechanism: plain, user: u, password: hunter2}}\n"))
	bad := save(t, filepath.Join(dir, "bad.yaml"), []byte("log:\n  level: loud\nalerter: {receivers: {ops: {slack: {url_file: gone}}}}\n"))
	for _, tt := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"good", []string{good}, 0, good + ": valid\n", ""},
		{"good by flag", []string{"--config", good}, 0, good + ": valid\n", ""},
		{"none", nil, 0, "the defaults: valid", ""},
		{"risky", []string{risky}, 0, "valid", "warning: " + risky + ":1: kafka.sasl.mechanism"},
		{"a fault", []string{bad}, 2, "", "gatewatch: " + bad + ":2: log.level: unknown value"},
		{"another fault", []string{bad}, 2, "", "gatewatch: " + bad + ":3: alerter.receivers.ops.slack.url_file"},
		{"no such file", []string{good + ".gone"}, 2, "", "no such file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := gatewatch(t, world(t), strings.NewReader(""), append([]string{"check-config"}, tt.args...)...)
			if got.code != tt.code || !strings.Contains(got.stdout, tt.stdout) || !strings.Contains(got.stderr, tt.stderr) {
				t.Errorf("%+v, want %d, %q, %q", got, tt.code, tt.stdout, tt.stderr)
			}
			if strings.Contains(got.stdout+got.stderr, "hunter2") {
				t.Error("the password is shown")
			}
		})
	}
}

// TestCheckConfigConnects tries a broker, a NATS server and a receiver that are there, and a ClickHouse that is not.
func TestCheckConfigConnects(t *testing.T) {
	broker, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "access.raw"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Close)
	ns, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	if !ns.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	var lc net.ListenConfig
	receiver, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = receiver.Close() })
	file := save(t, filepath.Join(t.TempDir(), "c.yaml"), []byte(`
kafka: {brokers: ["`+strings.Join(broker.ListenAddrs(), `","`)+`"]}
nats: {servers: "`+ns.ClientURL()+`"}
clickhouse: {addresses: "127.0.0.1:1"}
alerter:
  allow_private: true
  receivers:
    chat: {slack: {url: "http://`+receiver.Addr().String()+`/services/hunter2"}}
    gone: {webhook: {url: "http://127.0.0.1:1/hunter2"}}
`))
	got := gatewatch(t, world(t), strings.NewReader(""), "check-config", "--connect", "--timeout", "5s", file)
	if got.code != ExitError || !strings.Contains(got.stderr, "not everything can be reached") {
		t.Errorf("code %d, %s; want %d", got.code, got.stderr, ExitError)
	}
	state := map[string]string{}
	for line := range strings.Lines(got.stdout) {
		for _, name := range []string{"kafka", "clickhouse", "nats", "receiver chat", "receiver gone"} {
			if rest, ok := strings.CutPrefix(line, name+" "); ok {
				state[name] = strings.Fields(rest)[0]
			}
		}
	}
	for name, want := range map[string]string{"kafka": "ok", "clickhouse": "FAIL", "nats": "ok", "receiver chat": "ok", "receiver gone": "FAIL"} {
		if state[name] != want {
			t.Errorf("%s is %q, want %s:\n%s", name, state[name], want, got.stdout)
		}
	}
	for _, want := range []string{"will create", "gatewatch.events.v1", "check clickhouse.addresses"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("nothing is said of %q:\n%s", want, got.stdout)
		}
	}
	if strings.Contains(got.stdout+got.stderr, "hunter2") {
		t.Errorf("a receiver's URL is shown:\n%s", got.stdout)
	}
}

func TestConfigPrint(t *testing.T) {
	file := save(t, filepath.Join(t.TempDir(), "c.yaml"), []byte("hash_key: hunter2-0123456789\nlog: {level: '${LEVEL}'}\n"))
	w := world(t)
	w.LookupEnv = func(name string) (string, bool) {
		v, ok := map[string]string{"LEVEL": "warn", "GATEWATCH_CONFIG": file}[name]
		return v, ok
	}
	got := gatewatch(t, w, strings.NewReader(""), "config", "print")
	for _, want := range []string{"hash_key: <secret>", "level: warn", "brokers: ['localhost:9092']", "path_scan:"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("without %q: %s", want, got.stdout)
		}
	}
	if got.code != 0 || strings.Contains(got.stdout, "hunter2") {
		t.Errorf("code %d, or a secret in: %s", got.code, got.stdout)
	}
	got = gatewatch(t, world(t), strings.NewReader(""), "config", "print")
	if _, err := config.Parse("c.yaml", []byte(got.stdout), w.LookupEnv); err != nil {
		t.Errorf("what is printed cannot be read: %v", err)
	}
}

func TestConfigSchema(t *testing.T) {
	got := gatewatch(t, world(t), strings.NewReader(""), "config", "schema")
	if got.code != 0 || !strings.HasPrefix(got.stdout, "{") || !strings.Contains(got.stdout, `"raw_pattern"`) {
		t.Errorf("code %d: %.200s", got.code, got.stdout)
	}
}
