package alerter

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/alert"
	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/nats"
)

const patient = 20 * time.Second

// runServer starts a server with JetStream.
func runServer(t *testing.T) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: -1, NoLog: true, NoSigs: true, JetStream: true, StoreDir: t.TempDir(), NoSystemAccount: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patient) {
		t.Fatal("the server does not start")
	}
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	return s
}

// client is a connection of the test's own, as a detector has one.
func client(t *testing.T, s *server.Server) *nats.Client {
	t.Helper()
	c, err := nats.Connect(t.Context(), nats.Config{Servers: []string{s.ClientURL()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.EnsureStreams(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// site is a receiver that notes what it is told.
type site struct {
	*httptest.Server

	mu     sync.Mutex
	answer func(n int) int // status of the n-th request, from 1
	told   []told
}

type told struct {
	at     time.Time
	status int
	alert.Notification
}

func newSite(t *testing.T, answer func(n int) int) *site {
	t.Helper()
	s := &site{answer: answer}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	data, _ := io.ReadAll(r.Body)
	var body struct {
		Data alert.Notification `json:"data"`
	}
	_ = json.Unmarshal(data, &body)
	s.mu.Lock()
	status := http.StatusOK
	if s.answer != nil {
		status = s.answer(len(s.told) + 1)
	}
	s.told = append(s.told, told{at, status, body.Data})
	s.mu.Unlock()
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "2")
	}
	w.WriteHeader(status)
}

// got is what the site took.
func (s *site) got() []told {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.told)
}

// ids are the ids of what was delivered, each once, and how many deliveries there were.
func (s *site) ids() (ids map[string]bool, deliveries int) {
	ids = map[string]bool{}
	for _, v := range s.got() {
		if v.status == http.StatusOK {
			ids[v.ID] = true
			deliveries++
		}
	}
	return ids, deliveries
}

// wait waits until a condition holds.
func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patient); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patient)
		}
	}
}

// configure is a configuration with a webhook at each site.
func configure(s *server.Server, sites map[string]*site) config.Config {
	cfg := config.Config{}
	cfg.NATS.Servers, cfg.NATS.CreateStreams = []string{s.ClientURL()}, true
	cfg.Alerter.AllowPrivate = true
	cfg.Alerter.Receivers = map[string]config.Receiver{}
	for name, v := range sites {
		cfg.Alerter.Receivers[name] = config.Receiver{Webhook: config.Webhook{URL: config.Secret(v.URL)}}
	}
	return cfg
}

// running is an alerter that runs.
type running struct {
	*Alerter
	cancel context.CancelFunc
	done   chan error
}

func start(t *testing.T, cfg config.Config) *running {
	t.Helper()
	built, err := Build(cfg, service.Env{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Metrics: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	a, ok := built.(*Alerter)
	if !ok {
		t.Fatalf("Build makes a %T", built)
	}
	a.nats.DeliveryTimeout = time.Second
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{Alerter: a, cancel: cancel, done: make(chan error, 1)}
	go func() {
		defer close(r.done)
		r.done <- a.Run(ctx)
	}()
	t.Cleanup(func() { r.stop(t) })
	return r
}

// stop ends the alerter in order; a second time it does nothing.
func (r *running) stop(t *testing.T) {
	t.Helper()
	r.cancel()
	select {
	case err := <-r.done:
		if err != nil {
			t.Errorf("Run = %v at the end of its context", err)
		}
	case <-time.After(patient):
		t.Error("Run does not end with its context")
	}
}

// kill takes the connection away first, so that nothing is saved, acknowledged or put back any more.
func (r *running) kill(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	c := r.client
	r.mu.Unlock()
	if c != nil {
		c.Close()
	}
	r.stop(t)
}

func (r *running) ready(t *testing.T) bool {
	t.Helper()
	for _, c := range r.Ready(t.Context()) {
		if !c.OK {
			return false
		}
	}
	return true
}

// newFinding is a finding about the n-th client.
func newFinding(client, revision int, severity finding.Severity) *finding.Finding {
	activity := finding.Update
	if revision == 1 {
		activity = finding.Create
	}
	return &finding.Finding{
		ID: fmt.Sprintf("%032x", client), Revision: revision, Activity: activity, Detector: "path_scan", Severity: severity,
		Entity: event.Entity{Kind: event.KindNetwork, Value: fmt.Sprintf("192.0.2.%d", client)}, Title: "Path scan", Count: 9,
	}
}

func publish(t *testing.T, c *nats.Client, all ...*finding.Finding) {
	t.Helper()
	for _, f := range all {
		if err := c.PublishFinding(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}
