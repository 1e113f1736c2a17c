package alert_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/alert"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// step is one thing that happens to a book.
type step struct {
	after time.Duration // since the start
	// finding is "<id> <revision> <activity> <severity>"; empty is a tick.
	finding  string
	detector string // "" is path_scan
	want     []string
}

func parse(t *testing.T, text, detector string) *finding.Finding {
	t.Helper()
	var id, activity, severity string
	var revision int
	if _, err := fmt.Sscan(text, &id, &revision, &activity, &severity); err != nil {
		t.Fatalf("step %q: %v", text, err)
	}
	s, err := finding.ParseSeverity(severity)
	if err != nil {
		t.Fatalf("step %q: %v", text, err)
	}
	if detector == "" {
		detector = "path_scan"
	}
	a := map[string]finding.Activity{"create": finding.Create, "update": finding.Update, "close": finding.Close}[activity]
	return &finding.Finding{
		ID: id, Revision: revision, Activity: a, Severity: s, Detector: detector, Title: "Title of " + detector, Count: 10,
		Entity:    event.Entity{Kind: event.KindNetwork, Value: "192.0.2.1"},
		FirstSeen: start.UnixNano(), LastSeen: start.Add(time.Minute).UnixNano(),
	}
}

func told(all []alert.Notification) []string {
	var out []string
	for i := range all {
		out = append(out, fmt.Sprintf("%d %s %s %s", all[i].Sequence, all[i].Status, all[i].Reason, all[i].Severity))
	}
	return out
}

func TestBook(t *testing.T) {
	const m = time.Minute
	tests := []struct {
		name  string
		cfg   func(*alert.Config)
		steps []step
	}{
		{name: "first finding is told at once", steps: []step{
			{finding: "a 1 create medium", want: []string{"1 firing new medium"}},
		}},
		{name: "below the least severity is not told", steps: []step{
			{finding: "a 1 create low"},
			{after: m, finding: "a 2 update medium", want: []string{"1 firing new medium"}},
		}},
		{name: "the same revision twice and an older one are no news", steps: []step{
			{finding: "a 2 update medium", want: []string{"1 firing new medium"}},
			{after: 10 * m, finding: "a 2 update high"},
			{after: 10 * m, finding: "a 1 create critical"},
			{after: 10 * m},
		}},
		{name: "a rise is told at once", steps: []step{
			{finding: "a 1 create medium", want: []string{"1 firing new medium"}},
			{after: time.Second, finding: "a 2 update high", want: []string{"2 updated rise high"}},
		}},
		{name: "news waits for the interval, to the nanosecond", steps: []step{
			{finding: "a 1 create medium", want: []string{"1 firing new medium"}},
			{after: m, finding: "a 2 update medium"},
			{after: 5*m - 1},
			{after: 5 * m, want: []string{"2 updated change medium"}},
			{after: 20 * m},
		}},
		{name: "a second detector of the family joins", steps: []step{
			{finding: "a 1 create medium", want: []string{"1 firing new medium"}},
			{finding: "b 1 create medium", detector: "scanner_agent"},
			{after: 5 * m, want: []string{"2 updated change medium"}},
		}},
		{name: "another family is another incident", steps: []step{
			{finding: "a 1 create medium", want: []string{"1 firing new medium"}},
			{finding: "b 1 create medium", detector: "request_flood", want: []string{"1 firing new medium"}},
		}},
		{name: "detectors of no family are incidents of their own", steps: []step{
			{finding: "a 1 create medium", detector: "x", want: []string{"1 firing new medium"}},
			{finding: "b 1 create medium", detector: "y", want: []string{"1 firing new medium"}},
		}},
		{name: "it is over when all findings are closed", steps: []step{
			{finding: "a 1 create medium", want: []string{"1 firing new medium"}},
			{finding: "b 1 create low"},
			{after: m, finding: "a 2 close medium"},
			{after: m, finding: "b 2 close low", want: []string{"2 resolved closed medium"}},
			{after: 10 * m},
		}},
		{name: "it is repeated while it is open", steps: []step{
			{finding: "a 1 create high", want: []string{"1 firing new high"}},
			{after: 240*m - 1},
			{after: 240 * m, want: []string{"2 firing repeat high"}},
		}},
		{name: "it is over when nothing is heard of it", cfg: func(c *alert.Config) { c.RepeatInterval = 100 * time.Hour }, steps: []step{
			{finding: "a 1 create high", want: []string{"1 firing new high"}},
			{after: 24 * time.Hour, want: []string{"2 resolved stale high"}},
			{after: 25 * time.Hour, finding: "a 2 close high"},
		}},
		{name: "it opens again", steps: []step{
			{finding: "a 1 create high", want: []string{"1 firing new high"}},
			{after: m, finding: "a 2 close high", want: []string{"2 resolved closed high"}},
			{after: 2 * m, finding: "a 1 create high"},
			{after: 3 * m, finding: "b 1 create medium", want: []string{"3 firing new medium"}},
			{after: 4 * m, finding: "a 2 close high"},
			{after: 5 * m, finding: "b 2 close medium", want: []string{"4 resolved closed medium"}},
		}},
		{name: "an attack of which only the end is heard is told", steps: []step{
			{finding: "a 3 close high", want: []string{"1 firing new high", "2 resolved closed high"}},
			{finding: "a 1 create high"},
		}},
		{name: "the first finding may wait for others", cfg: func(c *alert.Config) { c.GroupWait = m }, steps: []step{
			{finding: "a 1 create medium"},
			{after: m - 1, finding: "b 1 create high"},
			{after: m, want: []string{"1 firing new high"}},
		}},
		{name: "a clock put back makes nobody wait longer", steps: []step{
			{after: 48 * time.Hour, finding: "a 1 create medium", want: []string{"1 firing new medium"}},
			{finding: "a 2 update medium"},
			{after: 5 * m, want: []string{"2 updated change medium"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := alert.DefaultConfig()
			if tt.cfg != nil {
				tt.cfg(&cfg)
			}
			b := alert.New(cfg)
			for i, s := range tt.steps {
				var got []alert.Notification
				if s.finding == "" {
					got = b.Tick(start.Add(s.after))
				} else {
					got = b.Apply(parse(t, s.finding, s.detector), start.Add(s.after))
				}
				if diff := cmp.Diff(s.want, told(got)); diff != "" {
					t.Errorf("step %d (-want +got):\n%s", i, diff)
				}
			}
		})
	}
}

// happen makes one random thing happen.
func happen(r *rand.Rand, b *alert.Book, at time.Time) []alert.Notification {
	if r.IntN(4) == 0 {
		return b.Tick(at)
	}
	detectors := []string{"path_scan", "scanner_agent", "request_flood", "unheard_of"}
	f := &finding.Finding{
		ID: fmt.Sprint("id", r.IntN(40)), Revision: 1 + r.IntN(6), Activity: finding.Activity(1 + r.IntN(3)), //nolint:gosec // small
		Severity: finding.Severity(1 + r.IntN(5)), Detector: detectors[r.IntN(4)], Title: "t\x00itle", //nolint:gosec // small
		Entity:    event.Entity{Kind: event.KindPrincipal, Value: fmt.Sprint("user\xff", r.IntN(12))},
		FirstSeen: at.UnixNano(), LastSeen: at.UnixNano(), Count: int64(r.IntN(9)),
		Evidence: []finding.Number{{Name: "n", Value: r.Float64()}}, Attack: []string{"T1595"},
		Samples: []event.Event{{Method: "GET", Path: "/\x1b[31m<!channel>", Time: at.UnixNano()}},
	}
	return b.Apply(f, at)
}

func TestBookCutAndRestore(t *testing.T) {
	cfg := alert.DefaultConfig()
	cfg.MaxGroups, cfg.MaxFindings = 20, 3
	whole, cut := alert.New(cfg), alert.New(cfg)
	rw, rc, times := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(3, 4))
	at, seen, count := start, map[string]bool{}, 0
	for i := range 1000 {
		at = at.Add(time.Duration(times.Int64N(int64(20 * time.Minute))))
		want, got := happen(rw, whole, at), happen(rc, cut, at)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("step %d tells otherwise after a restore (-whole +cut):\n%s", i, diff)
		}
		for _, n := range got {
			if seen[n.ID] {
				t.Fatalf("step %d repeats id %s", i, n.ID)
			}
			seen[n.ID] = true
			count++
		}
		a, err := whole.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		cut = restore(t, cfg, a, cut)
	}
	if whole.Stats().Evicted == 0 || count < 200 {
		t.Errorf("the run has %d evictions and %d notifications, too few to mean anything", whole.Stats().Evicted, count)
	}
}

// restore is the book of which want are the bytes, made of old by saving and loading.
func restore(t *testing.T, cfg alert.Config, want []byte, old *alert.Book) *alert.Book {
	t.Helper()
	saved, err := old.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(saved, want) {
		t.Fatalf("snapshots differ:\n%s\n%s", want, saved)
	}
	fresh := alert.New(cfg)
	if err := fresh.UnmarshalBinary(saved); err != nil {
		t.Fatal(err)
	}
	again, err := fresh.MarshalBinary()
	if err != nil || !bytes.Equal(saved, again) {
		t.Fatalf("a snapshot changes when it is restored (%v):\n%s\n%s", err, saved, again)
	}
	return fresh
}

func TestBookNextIsNeverLate(t *testing.T) {
	b := alert.New(alert.DefaultConfig())
	r := rand.New(rand.NewPCG(5, 6))
	at := start
	for range 2000 {
		at = at.Add(time.Duration(r.Int64N(int64(time.Hour))))
		for {
			next, ok := b.Next()
			if !ok || !next.Before(at) {
				break
			}
			// A nanosecond before it is due there is nothing to tell.
			if got := b.Tick(next.Add(-1)); len(got) > 0 {
				t.Fatalf("Tick before Next = %v", told(got))
			}
			b.Tick(next)
			if again, ok := b.Next(); ok && !again.After(next) {
				t.Fatalf("Next = %v after a tick at that time", again)
			}
		}
		happen(r, b, at)
	}
}

func TestEvictedIncidentHasNewIDs(t *testing.T) {
	cfg := alert.DefaultConfig()
	cfg.MaxGroups = 1
	b := alert.New(cfg)
	first := b.Apply(parse(t, "a 1 create high", "path_scan"), start)
	b.Apply(parse(t, "b 1 create high", "request_flood"), start)
	second := b.Apply(parse(t, "c 1 create high", "path_scan"), start)
	if len(first) != 1 || len(second) != 1 || first[0].Incident != second[0].Incident {
		t.Fatalf("notifications = %v and %v, want one each of the same incident", told(first), told(second))
	}
	if first[0].ID == second[0].ID {
		t.Error("a forgotten incident that opens again has the id of the one before, which JetStream would drop")
	}
	if got := b.Stats(); got.Evicted != 2 || got.Groups != 1 {
		t.Errorf("Stats = %+v, want 2 evicted, 1 remembered", got)
	}
}

func TestNotificationTexts(t *testing.T) {
	b := alert.New(alert.DefaultConfig())
	f := parse(t, "a 1 create high", "path_scan")
	f.Service = "shop"
	f.Samples = []event.Event{{
		Time: start.UnixNano(), Method: "GET", Path: "/\u202eevil\n<!channel>", Query: "q=1", UserAgent: "sqlmap\x1b[0m",
		Status: 404, Present: event.FieldStatus,
	}}
	got := b.Apply(f, start)
	if len(got) != 1 {
		t.Fatalf("%d notifications, want 1", len(got))
	}
	if want := "Title of path_scan by 192.0.2.1 at shop"; got[0].Title != want {
		t.Errorf("Title = %q, want %q", got[0].Title, want)
	}
	want := []string{"2026-11-20T12:00:00Z GET /\ufffdevil\ufffd<!channel>?q=1 → 404 · sqlmap\ufffd[0m"}
	if diff := cmp.Diff(want, got[0].Samples); diff != "" {
		t.Errorf("Samples (-want +got):\n%s", diff)
	}
}

func TestConfigValidate(t *testing.T) {
	if err := alert.DefaultConfig().Validate(); err != nil {
		t.Fatalf("the default is refused: %v", err)
	}
	bad := map[string]func(*alert.Config){
		"min severity":    func(c *alert.Config) { c.MinSeverity = 0 },
		"group wait":      func(c *alert.Config) { c.GroupWait = -1 },
		"group interval":  func(c *alert.Config) { c.GroupInterval = 0 },
		"repeat interval": func(c *alert.Config) { c.RepeatInterval = time.Second },
		"stale":           func(c *alert.Config) { c.Stale = 0 },
		"max groups":      func(c *alert.Config) { c.MaxGroups = 0 },
		"max findings":    func(c *alert.Config) { c.MaxFindings = 0 },
	}
	for name, spoil := range bad {
		c := alert.DefaultConfig()
		spoil(&c)
		if err := c.Validate(); err == nil || !bytes.Contains([]byte(err.Error()), []byte(name)) {
			t.Errorf("Validate with a bad %s = %v", name, err)
		}
	}
}
