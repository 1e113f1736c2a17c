package nats_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"gatewatch/internal/finding"
	"gatewatch/internal/nats"
)

func TestConnectFaults(t *testing.T) {
	const password = "hunter2-is-secret"
	guarded := runServer(t, t.TempDir(), -1, func(o *server.Options) { o.Username, o.Password = "gatewatch", "other" })
	plain := runServer(t, t.TempDir(), -1, func(o *server.Options) { o.JetStream = false })
	tests := []struct {
		name string
		cfg  nats.Config
		want string
	}{
		{
			name: "wrong password", cfg: nats.Config{Servers: []string{guarded.ClientURL()}, User: "gatewatch", Password: password},
			want: "does not accept the user or the password",
		},
		{
			name: "TLS where there is none", want: "the server does not offer it",
			cfg: nats.Config{Servers: []string{plain.ClientURL()}, TLS: &tls.Config{MinVersion: tls.VersionTLS12}},
		},
		{
			name: "nobody there", cfg: nats.Config{Servers: []string{"nats://user:" + password + "@127.0.0.1:1"}},
			want: "no server answers",
		},
		{
			name: "no credentials file", want: "a file is missing",
			cfg: nats.Config{Servers: []string{plain.ClientURL()}, CredentialsFile: t.TempDir() + "/none"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			c, err := nats.Connect(ctx, tt.cfg)
			if err == nil {
				c.Close()
				t.Fatal("Connect succeeds")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Connect = %q, want it to say %q", err, tt.want)
			}
			if strings.Contains(err.Error(), password) {
				t.Errorf("Connect = %q, which tells the password", err)
			}
		})
	}
	t.Run("JetStream is off", func(t *testing.T) {
		c, err := nats.Connect(t.Context(), nats.Config{Servers: []string{plain.ClientURL()}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for what, err := range map[string]error{
			"Ping": c.Ping(within(t, 5*time.Second)), "EnsureStreams": c.EnsureStreams(within(t, 5*time.Second)),
		} {
			if err == nil || !strings.Contains(err.Error(), "JetStream") {
				t.Errorf("%s = %v, want it to speak of JetStream", what, err)
			}
		}
	})
}

func TestEnsureStreamsUpdates(t *testing.T) {
	s := runServer(t, t.TempDir(), -1, nil)
	connect(t, s)
	c, err := nats.Connect(t.Context(), nats.Config{Servers: []string{s.ClientURL()}, MaxAge: time.Hour, Duplicates: 3 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		if err := c.EnsureStreams(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, acc := range []string{"GATEWATCH_FINDINGS", "GATEWATCH_OUTBOX", "GATEWATCH_DEAD"} {
		if got := streamConfig(t, s, acc); got.MaxAge != time.Hour || got.Duplicates != 3*time.Minute {
			t.Errorf("stream %s keeps %v and knows duplicates for %v", acc, got.MaxAge, got.Duplicates)
		}
	}
}

func TestPublishIsStoredOnce(t *testing.T) {
	s := runServer(t, t.TempDir(), -1, nil)
	c := connect(t, s)
	for range 3 {
		for i := range 10 {
			f := newFinding(i)
			if err := c.PublishFinding(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			*f = finding.Finding{} // the finding may be reused
		}
	}
	if err := c.Flush(within(t, 10*time.Second)); err != nil {
		t.Fatal(err)
	}
	got := readFindings(t, c, 10)
	for i, r := range got {
		f, err := r.Decode()
		if err != nil {
			t.Fatal(err)
		}
		if f.ID != newFinding(i).ID || r.Subject != "gatewatch.findings.v1.path_scan.high" {
			t.Errorf("message %d is finding %s on %s", i, f.ID, r.Subject)
		}
	}
}

// readFindings reads n messages, and fails when there are more.
func readFindings(t *testing.T, c *nats.Client, n int) []*nats.Received {
	t.Helper()
	ctx := within(t, 20*time.Second)
	findings, err := c.FindingsAfter(ctx, 0, time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	defer findings.Close()
	var all []*nats.Received
	for len(all) < n {
		r, err := findings.Next(ctx)
		if err != nil || r == nil {
			t.Fatalf("Next after %d messages = %v, %v", len(all), r, err)
		}
		all = append(all, r)
	}
	if last := all[len(all)-1]; last.Pending != 0 {
		t.Errorf("there are %d messages more than %d", last.Pending, n)
	}
	return all
}

func TestPublishSurvivesTheServer(t *testing.T) {
	dir := t.TempDir()
	s := runServer(t, dir, -1, nil)
	c := connect(t, s)
	port := s.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // a listener of TCP
	const count = 300
	for i := range count {
		switch i {
		case 100:
			stop(s)
		case 200:
			s = runServer(t, dir, port, nil)
		}
		if err := c.PublishFinding(t.Context(), newFinding(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Flush(within(t, 30*time.Second)); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, r := range readFindings(t, connect(t, s), count) {
		f, err := r.Decode()
		if err != nil {
			t.Fatal(err)
		}
		ids[f.ID] = true
	}
	if len(ids) != count {
		t.Errorf("%d different findings are stored, want %d", len(ids), count)
	}
}

func TestPublishEndsWithItsContext(t *testing.T) {
	s := runServer(t, t.TempDir(), -1, nil)
	c := connect(t, s)
	stop(s)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	var err error
	for i := 0; err == nil && i < 10_000; i++ {
		err = c.PublishFinding(ctx, newFinding(i))
	}
	if err == nil {
		t.Fatal("10 000 findings are taken without a server")
	}
	if got := c.Outstanding(); got > 4096 {
		t.Errorf("%d findings are outstanding, want at most 4096", got)
	}
	if err := c.Flush(ctx); err == nil {
		t.Error("Flush succeeds without a server")
	}
}

func TestWatchTellsNewFindings(t *testing.T) {
	c := connect(t, runServer(t, t.TempDir(), -1, nil))
	if err := c.PublishFinding(t.Context(), newFinding(0)); err != nil {
		t.Fatal(err)
	}
	if err := c.Flush(within(t, 5*time.Second)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(within(t, 20*time.Second))
	defer cancel()
	seen := make(chan string, 10)
	var watching sync.WaitGroup
	var result error
	watching.Go(func() { result = c.Watch(ctx, func(f *finding.Finding) { seen <- f.ID }) })
	// The watch begins at some moment, so findings come until one is seen.
	for i := 1; ; i++ {
		if err := c.PublishFinding(ctx, newFinding(i)); err != nil {
			t.Fatal(err)
		}
		select {
		case id := <-seen:
			if id == newFinding(0).ID {
				t.Error("Watch tells of a finding from before")
			}
			cancel()
			watching.Wait()
			if result != nil {
				t.Errorf("Watch = %v at the end of its context", result)
			}
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestLedger(t *testing.T) {
	c := connect(t, runServer(t, t.TempDir(), -1, nil))
	ctx := within(t, 30*time.Second)
	one, two := openLedger(t, c), openLedger(t, c)
	if position, state, err := one.Load(ctx); err != nil || position != 0 || state != nil {
		t.Fatalf("Load of nothing = %d, %q, %v", position, state, err)
	}
	large := strings.Repeat("0123456789abcdef", 100_000) // 1.6 MB, four pieces
	for i, state := range []string{"small", large, "small again", large + "!", large + "?", large} {
		if err := one.Save(ctx, uint64(i+1), []byte(state)); err != nil { //nolint:gosec // small
			t.Fatalf("save %d: %v", i, err)
		}
		position, got, err := two.Load(ctx)
		if err != nil || position != uint64(i+1) || string(got) != state { //nolint:gosec // small
			t.Fatalf("Load after save %d = %d, %d bytes, %v", i, position, len(got), err)
		}
	}
	if err := two.Save(ctx, 7, []byte(large)); err != nil {
		t.Fatalf("saving by another one: %v", err)
	}
	if err := one.Save(ctx, 8, []byte("mine")); !errors.Is(err, nats.ErrSuperseded) {
		t.Errorf("Save over what somebody else saved = %v, want ErrSuperseded", err)
	}
	if position, state, err := one.Load(ctx); err != nil || position != 7 || string(state) != large {
		t.Errorf("Load = %d, %d bytes, %v", position, len(state), err)
	}
	if err := one.Save(ctx, 8, []byte("mine")); err != nil {
		t.Errorf("Save after Load = %v", err)
	}
}

func openLedger(t *testing.T, c *nats.Client) *nats.Ledger {
	t.Helper()
	l, err := c.OpenLedger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDecodeRefusesPoison(t *testing.T) {
	for name, data := range map[string]string{
		"no JSON":          "\x00\x01",
		"unknown severity": `{"id":"a","revision":1,"activity":"create","severity":"huge"}`,
		"no id":            `{"revision":1,"activity":"create","severity":"high"}`,
		"no revision":      `{"id":"a","activity":"create","severity":"high"}`,
		"no activity":      `{"id":"a","revision":1,"severity":"high"}`,
		"endless id":       `{"id":"` + strings.Repeat("a", 1000) + `","revision":1,"activity":"create","severity":"high"}`,
	} {
		r := nats.Received{Data: []byte(data)}
		if f, err := r.Decode(); err == nil {
			t.Errorf("%s: Decode = %+v", name, f)
		}
	}
}

func TestToken(t *testing.T) {
	for in, want := range map[string]string{"": "_", "a.b": "a_b", "a b>*": "a_b__", "Ops-1_x": "Ops-1_x", "ü": "_"} {
		if got := nats.Token(in); got != want {
			t.Errorf("Token(%q) = %q, want %q", in, got, want)
		}
	}
}
