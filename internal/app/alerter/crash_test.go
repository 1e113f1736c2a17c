package alerter

import (
	"context"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/config"
	"gatewatch/internal/finding"
	"gatewatch/internal/nats"
)

// expected are the ids of the notifications that one alerter without interruption decides of what the stream holds.
func expected(t *testing.T, c *nats.Client, cfg config.Config) map[string]bool {
	t.Helper()
	s, err := newSettings(cfg.Alerter)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	findings, err := c.FindingsAfter(ctx, 0, time.Now().Add(-lookBack))
	if err != nil {
		t.Fatal(err)
	}
	defer findings.Close()
	book, ids := alert.New(s.book), map[string]bool{}
	for {
		r, err := findings.Next(ctx)
		if r == nil || err != nil {
			t.Fatalf("Next = %v, %v", r, err)
		}
		f, err := r.Decode()
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range book.Apply(f, r.Time) {
			ids[n.ID] = true
		}
		if r.Pending == 0 {
			return ids
		}
	}
}

// campaign is a number of clients whose attacks begin and get worse.
func campaign(clients int) []*finding.Finding {
	var all []*finding.Finding
	for i, severity := range []finding.Severity{finding.Medium, finding.High, finding.Critical} {
		for c := range clients {
			all = append(all, newFinding(c, i+1, severity))
		}
	}
	return all
}

// TestCrashesLoseNothing takes the connection away at random moments: while findings are read, while notifications are
// stored, while the state is saved, while they are delivered.
func TestCrashesLoseNothing(t *testing.T) {
	s := runServer(t)
	c := client(t, s)
	page := newSite(t, func(int) int {
		time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond) // so that crashes meet deliveries that are under way
		return http.StatusOK
	})
	cfg := configure(s, map[string]*site{"page": page})
	const crashes = 6
	all := campaign(60)
	for i := range crashes {
		a := start(t, cfg)
		publish(t, c, all[i*len(all)/crashes:(i+1)*len(all)/crashes]...)
		enough := rand.IntN(25 * (i + 1))
		wait(t, "some notifications", func() bool { ids, _ := page.ids(); return len(ids) >= enough })
		a.kill(t)
	}
	start(t, cfg)
	want := expected(t, c, cfg)
	wait(t, "all notifications", func() bool { ids, _ := page.ids(); return len(ids) >= len(want) })
	got, deliveries := page.ids()
	for id := range want {
		if !got[id] {
			t.Errorf("notification %s was not delivered", id)
		}
	}
	for id := range got {
		if !want[id] {
			t.Errorf("notification %s was delivered and never decided", id)
		}
	}
	// Only what was under way when a connection went away may come twice.
	if len(want) != 180 || deliveries > len(want)+crashes {
		t.Errorf("%d notifications in %d deliveries, want 180 and at most %d", len(want), deliveries, len(want)+crashes)
	}
}

// TestCrashBeforeSaving has everything told and nothing saved: what is decided again has the same ids and goes nowhere.
func TestCrashBeforeSaving(t *testing.T) {
	s := runServer(t)
	c := client(t, s)
	page := newSite(t, nil)
	cfg := configure(s, map[string]*site{"page": page})
	a := start(t, cfg)
	wait(t, "ready", func() bool { return a.ready(t) })
	publish(t, c, newFinding(1, 1, finding.High))
	wait(t, "the notification and its settlement", func() bool { return len(page.got()) == 1 && waiting(t, s.ClientURL()) == 0 })
	a.kill(t)
	start(t, cfg)
	publish(t, c, newFinding(2, 1, finding.High))
	wait(t, "the next notification", func() bool { return len(page.got()) >= 2 })
	if ids, n := page.ids(); len(ids) != 2 || n != 2 {
		t.Errorf("%d notifications in %d deliveries, want two of each", len(ids), n)
	}
}

// TestCrashWhileOwing has the clock decide: it is saved before it is told, so a crash between the two loses nothing.
func TestCrashWhileOwing(t *testing.T) {
	s := runServer(t)
	c := client(t, s)
	page := newSite(t, nil)
	cfg := configure(s, map[string]*site{"page": page})
	ledger, err := c.OpenLedger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := ledger.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	book := alert.New(alert.DefaultConfig())
	begun := time.Now().Add(-6 * time.Minute)
	book.Apply(newFinding(1, 1, finding.High), begun)
	book.Apply(newFinding(1, 2, finding.High), begun.Add(time.Second))
	owed := book.Tick(begun.Add(5 * time.Minute))
	if len(owed) != 1 || owed[0].Reason != alert.Change {
		t.Fatalf("the clock decides %v", owed)
	}
	state, err := encodeState(book, owed)
	if err != nil {
		t.Fatal(err)
	}
	if err := ledger.Save(t.Context(), 0, state); err != nil {
		t.Fatal(err)
	}
	a := start(t, cfg)
	wait(t, "what was owed", func() bool { return len(page.got()) == 1 })
	if got := page.got()[0]; got.ID != owed[0].ID {
		t.Errorf("told %s, want what was owed, %s", got.ID, owed[0].ID)
	}
	// What has been told is owed no longer.
	wait(t, "the state without debts", func() bool {
		_, saved, err := ledger.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		left, err := decodeState(saved, alert.New(alert.DefaultConfig()))
		return err == nil && len(left) == 0
	})
	a.stop(t)
}

// TestTwoAlerters has both decide everything; each notification is delivered once.
func TestTwoAlerters(t *testing.T) {
	s := runServer(t)
	c := client(t, s)
	page := newSite(t, nil)
	cfg := configure(s, map[string]*site{"page": page})
	first, second := start(t, cfg), start(t, cfg)
	wait(t, "both ready", func() bool { return first.ready(t) && second.ready(t) })
	all := campaign(30)
	publish(t, c, all[:45]...)
	wait(t, "the first half", func() bool { ids, _ := page.ids(); return len(ids) >= 45 })
	first.kill(t)
	publish(t, c, all[45:]...)
	wait(t, "the second half", func() bool { ids, _ := page.ids(); return len(ids) >= 90 })
	ids, deliveries := page.ids()
	want := expected(t, c, cfg)
	for id := range ids {
		if !want[id] {
			t.Errorf("notification %s is not one that a single alerter decides", id)
		}
	}
	if len(ids) != 90 || deliveries > 91 {
		t.Errorf("%d notifications in %d deliveries, want 90 in 90, or one more for the crash", len(ids), deliveries)
	}
}

// TestDamagedStateIsNoEnd begins without a state when the saved one cannot be read.
func TestDamagedStateIsNoEnd(t *testing.T) {
	s := runServer(t)
	c := client(t, s)
	ledger, err := c.OpenLedger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := ledger.Save(t.Context(), 7, []byte("nonsense")); err != nil {
		t.Fatal(err)
	}
	page := newSite(t, nil)
	start(t, configure(s, map[string]*site{"page": page}))
	publish(t, c, newFinding(1, 1, finding.High))
	wait(t, "the notification", func() bool { return len(page.got()) == 1 })
}

// TestStreamMadeAnew reads a stream that ends before the saved position from its beginning.
func TestStreamMadeAnew(t *testing.T) {
	s := runServer(t)
	c := client(t, s)
	ledger, err := c.OpenLedger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	state, err := encodeState(alert.New(alert.DefaultConfig()), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := ledger.Save(t.Context(), 1000, state); err != nil {
		t.Fatal(err)
	}
	publish(t, c, newFinding(1, 1, finding.High))
	page := newSite(t, nil)
	start(t, configure(s, map[string]*site{"page": page}))
	wait(t, "the notification", func() bool { return len(page.got()) == 1 })
}
