package trouble

import (
	"crypto/tls"
	"fmt"
	"io"
	golog "log"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/nats"
)

// publish has findings about so many clients in JetStream, as a detector puts them there.
func (s *stand) publish(n int) {
	s.t.Helper()
	c, err := nats.Connect(s.t.Context(), nats.Config{Servers: []string{"nats://" + s.nats.Addr}})
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	if err := c.EnsureStreams(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	now := time.Now().UnixNano()
	for i := range n {
		f := &finding.Finding{
			ID: fmt.Sprintf("%032d", i), Revision: 1, Activity: finding.Create, Detector: "path_scan", Severity: finding.High,
			Entity: event.Entity{Kind: event.KindNetwork, Value: fmt.Sprintf("203.0.113.%d", i)}, Title: "Path enumeration",
			FirstSeen: now, LastSeen: now, Count: 1,
		}
		if err := c.PublishFinding(s.t.Context(), f); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := c.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// receivers: one asks for fewer notifications, one hangs, one has a certificate that nobody trusts, one has no address, one
// denies access. The log tells of each once, readiness says which are in trouble, and the one that works is told everything
// at once. When they work again, they are told everything too.
func receivers(t *testing.T, sh shared) {
	const (
		clients = 3
		pause   = 3 * time.Second // that a receiver asks for
	)
	good, busy, slow, untrusted, moved := newSite(t), newSite(t), newSite(t), newSite(t), newSite(t)
	busy.answer = func(n int, w http.ResponseWriter, _ *http.Request) bool {
		if n == 1 {
			w.Header().Set("Retry-After", "3")
			w.WriteHeader(http.StatusTooManyRequests)
		}
		return n > 1
	}
	slow.answer = func(n int, _ http.ResponseWriter, r *http.Request) bool {
		if n == 1 {
			<-r.Context().Done() // until who asks gives up
		}
		return n > 1
	}
	trusted := newAuthority(t)
	var certificate atomic.Pointer[tls.Certificate]
	certificate.Store(newAuthority(t).sign())
	untrusted.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return &tls.Config{Certificates: []tls.Certificate{*certificate.Load()}}, nil
	}}
	untrusted.Config.ErrorLog = golog.New(io.Discard, "", 0) // handshakes fail here
	for _, s := range []*site{good, busy, slow, moved} {
		s.Start()
	}
	untrusted.StartTLS()

	s := newStand(t, sh, 1)
	const nowhere = "http://receiver.invalid/hook"
	alerter := s.program("alerter", "", "")
	alerter.env = []string{"SSL_CERT_FILE=" + trusted.file()}
	configure := func(address string) {
		t.Helper()
		s.configure(alerter, fmt.Sprintf("allow_private: true, receivers: {good: {webhook: {url: %q}}, busy: {webhook: {url: %q}}, "+
			"slow: {webhook: {url: %q}}, untrusted: {webhook: {url: %q}}, moved: {webhook: {url: %q}}}",
			good.URL, busy.URL, slow.URL, untrusted.URL, address), "")
	}
	configure(nowhere)
	alerter.start()
	alerter.ready()
	s.publish(clients)
	complete := func(who *site) func() bool {
		return func() bool { n, _ := who.told(); return n == clients }
	}
	began := time.Now()
	alerter.until("the good receiver has been told everything", complete(good))
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the good receiver was told after %s, with others in trouble", took)
	}
	const failed = "a notification could not be delivered, trying again"
	wants := []struct{ receiver, why string }{
		{"busy", "the receiver asks for fewer notifications (status 429)"},
		{"untrusted", "the receiver's certificate is not trusted"},
		{"moved", "the receiver cannot be reached: its name cannot be resolved"},
		{"slow", "the receiver does not answer in time"},
	}
	for _, w := range wants[:3] {
		alerter.tells(failed, `"receiver":"`+w.receiver+`"`, w.why)
	}
	alerter.until("readiness tells of the three", func() bool {
		status, said := alerter.get(http.MethodGet, "/readyz")
		return status == http.StatusOK && holds(said, []string{"3 of 5 receivers take nothing", "untrusted: " + wants[1].why})
	})
	// One after the other is mended, and is told everything.
	certificate.Store(trusted.sign())
	configure(moved.URL)
	alerter.signal(syscall.SIGHUP)
	for _, who := range []*site{busy, untrusted, moved, slow} {
		alerter.until("everybody has been told everything", complete(who))
		if _, repeated := who.told(); repeated > 0 {
			t.Errorf("%d notifications were told more than once", repeated)
		}
	}
	if all := busy.asks(); all[1].Sub(all[0]) < pause {
		t.Errorf("a receiver that asked for a pause of %s was asked again after %s", pause, all[1].Sub(all[0]))
	}
	for _, w := range wants {
		alerter.tells("the receiver takes notifications again", `"receiver":"`+w.receiver+`"`)
		if n := alerter.told(failed, `"receiver":"`+w.receiver+`"`, w.why); n != 1 {
			t.Errorf("the log tells of %s %d times, want once", w.receiver, n)
		}
	}
	if _, said := alerter.get(http.MethodGet, "/readyz"); !strings.Contains(said, `"5 receivers"`) {
		t.Errorf("readiness says %s", said)
	}
	alerter.terminate()
}
