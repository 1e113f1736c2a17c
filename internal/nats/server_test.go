package nats_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/nats"
)

// runServer starts a server with JetStream in a directory; port -1 is any.
func runServer(t *testing.T, dir string, port int, change func(*server.Options)) *server.Server {
	t.Helper()
	opts := &server.Options{
		Host: "127.0.0.1", Port: port, NoLog: true, NoSigs: true, JetStream: true, StoreDir: dir,
		MaxControlLine: 4096, NoSystemAccount: true,
	}
	if change != nil {
		change(opts)
	}
	s, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	t.Cleanup(func() { stop(s) })
	return s
}

func stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

func connect(t *testing.T, s *server.Server) *nats.Client {
	t.Helper()
	c, err := nats.Connect(t.Context(), nats.Config{Servers: []string{s.ClientURL()}, Name: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.EnsureStreams(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// within is a context that ends a test that hangs.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func newFinding(i int) *finding.Finding {
	return &finding.Finding{
		ID: fmt.Sprintf("%032x", i), Revision: 1, Activity: finding.Create, Detector: "path_scan", Severity: finding.High,
		Entity: event.Entity{Kind: event.KindNetwork, Value: "192.0.2.1"}, Title: "Path scan", Count: 1,
		Evidence: []finding.Number{{Name: "paths", Value: 12}},
	}
}

// streamConfig is how the server keeps a stream.
func streamConfig(t *testing.T, s *server.Server, name string) jetstream.StreamConfig {
	t.Helper()
	nc, err := natsgo.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return stream.CachedInfo().Config
}
