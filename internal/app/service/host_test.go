package service

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
)

// probe is a service that does as the test says.
type probe struct {
	run    func(context.Context) error
	reload func(config.Config) error
	checks []telemetry.Check
}

func (p *probe) Run(ctx context.Context) error {
	if p.run != nil {
		return p.run(ctx)
	}
	<-ctx.Done()
	return nil
}

func (p *probe) Ready(context.Context) []telemetry.Check { return p.checks }

func (p *probe) Reload(cfg config.Config) error {
	if p.reload != nil {
		return p.reload(cfg)
	}
	return nil
}

var _ Service = (*probe)(nil)

// journal is a log that tests read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// await polls until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 10 s for %s", what)
		}
	}
}

// start runs a host; stop ends it and returns what Run returned.
func start(t *testing.T, cfg HostConfig) (h *Host, log *journal, stop func() error) {
	t.Helper()
	log = &journal{}
	cfg.Log = slog.New(slog.NewTextHandler(log, nil))
	cfg.Admin.Listen = "127.0.0.1:0"
	h = NewHost(cfg)
	if err := h.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	var once sync.Once
	var err error
	stop = func() error {
		once.Do(func() { cancel(); err = <-done })
		return err
	}
	t.Cleanup(func() { _ = stop() })
	return h, log, stop
}

func get(t *testing.T, method, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestHostAnswersUntilTheServiceHasStopped(t *testing.T) {
	finish := make(chan struct{})
	svc := &probe{run: func(ctx context.Context) error {
		<-ctx.Done()
		<-finish // a flush that takes its time
		return nil
	}}
	h, log, stop := start(t, HostConfig{Service: svc})
	url := "http://" + h.Address()
	if status, body := get(t, "GET", url+"/readyz"); status != http.StatusOK {
		t.Errorf("ready: %d %s", status, body)
	}
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	await(t, "the service to be told to stop", func() bool { return strings.Contains(log.String(), "msg=stopping") })
	if status, body := get(t, "GET", url+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "stopping") {
		t.Errorf("while stopping: %d %s, want 503", status, body)
	}
	if status, _ := get(t, "POST", url+"/-/reload"); status == http.StatusOK {
		t.Errorf("a reload while stopping: %d", status)
	}
	close(finish)
	if err := <-ended; err != nil {
		t.Errorf("Run: %v, want nil after a stop", err)
	}
	if err := h.Reload(t.Context()); !errors.Is(err, errStopping) && !errors.Is(err, context.Canceled) {
		t.Errorf("Reload after the end: %v", err)
	}
}

func TestHostReturnsTheServicesError(t *testing.T) {
	broken := errors.New("disk is full")
	h := NewHost(HostConfig{Service: &probe{run: func(context.Context) error { return broken }}, Admin: config.Admin{Listen: "127.0.0.1:0"}})
	if err := h.Run(t.Context()); !errors.Is(err, broken) {
		t.Errorf("Run: %v, want %v", err, broken)
	}
}

func TestReloadSwapsOrKeeps(t *testing.T) {
	first := config.Default()
	next := first
	next.Alerter.MinSeverity = "high"
	next.Kafka.Brokers = []string{"other:9092"}
	next.Ingest.Group = "x" // which is another service's
	var (
		fault error
		taken []string
	)
	hangup := make(chan os.Signal)
	h, log, _ := start(t, HostConfig{
		Service: &probe{reload: func(cfg config.Config) error { taken = append(taken, cfg.Alerter.MinSeverity); return nil }},
		Config:  first, Sections: sections("alerter"), Hangup: hangup,
		Load: func() (config.Config, error) { return next, fault },
	})
	url := "http://" + h.Address()
	if status, body := get(t, "POST", url+"/-/reload"); status != http.StatusOK {
		t.Fatalf("reload: %d %s", status, body)
	}
	if diff := cmp.Diff([]string{"high"}, taken); diff != "" {
		t.Errorf("taken over (-want +got):\n%s", diff)
	}
	if got := log.String(); !strings.Contains(got, `need a restart" keys=kafka.brokers`+"\n") {
		t.Errorf("the log does not name kafka.brokers, and it alone, as needing a restart:\n%s", got)
	}
	fault = errors.Join(errors.New("c.yaml:3: alerter: one"), errors.New("c.yaml:4: alerter: two"))
	hangup <- syscall.SIGHUP
	await(t, "the faults", func() bool {
		return strings.Contains(log.String(), `err="c.yaml:3: alerter: one"`) && strings.Contains(log.String(), `err="c.yaml:4: alerter: two"`)
	})
	if status, body := get(t, "POST", url+"/-/reload"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "c.yaml:3") {
		t.Errorf("a bad file: %d %s", status, body)
	}
	if len(taken) != 1 {
		t.Errorf("the service was given a configuration with faults: %v", taken)
	}
	if _, body := get(t, "GET", url+"/metrics"); !strings.Contains(body, "gatewatch_config_last_reload_successful 0") {
		t.Error("the metric does not say that the last reload failed")
	}
	fault = nil
	if err := h.Reload(t.Context()); err != nil || len(taken) != 2 {
		t.Errorf("a good file after a bad one: %v, %d taken over", err, len(taken))
	}
	if _, body := get(t, "GET", url+"/metrics"); !strings.Contains(body, "gatewatch_config_last_reload_successful 1") {
		t.Error("the metric does not say that the last reload succeeded")
	}
}

func TestServiceMayRefuseAReload(t *testing.T) {
	h, log, _ := start(t, HostConfig{
		Service: &probe{reload: func(config.Config) error { return errors.New("no such thing") }},
		Load:    func() (config.Config, error) { return config.Default(), nil },
	})
	if err := h.Reload(t.Context()); err == nil || !strings.Contains(log.String(), "the old one stays") {
		t.Errorf("Reload: %v, log:\n%s", err, log)
	}
}
