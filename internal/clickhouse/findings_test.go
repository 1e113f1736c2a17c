package clickhouse

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/test/servers"
)

func aFinding(id string, revision int) finding.Finding {
	sample := event.Event{
		Origin: event.Origin{Topic: "access.raw", Offset: 7}, Time: time.Date(2026, 3, 1, 10, 0, 0, 5, time.UTC).UnixNano(),
		Path: "/wp-login.php", UserAgent: "it's \xff \x00",
	}
	return finding.Finding{
		ID: id, Revision: revision, Activity: finding.Update, Detector: "login_bruteforce", Severity: finding.High,
		Score: 81.5, Confidence: 0.9, Entity: event.Entity{Kind: event.KindNetwork, Value: "192.0.2.1"},
		Related: []event.Entity{{Kind: event.KindPrincipal, Value: "o'hara"}, {Kind: event.KindASN, Value: "AS64500"}},
		Service: "shop", Title: "title \"quoted\"", Description: "100 % of\nlogins",
		FirstSeen: sample.Time, LastSeen: sample.Time + 1, Count: int64(revision) * 10,
		Evidence: []finding.Number{{Name: "failures", Value: 12}, {Name: "ratio", Value: 0.25}},
		Baseline: &finding.Baseline{Observed: 12, Expected: 0.5, Low: 0, High: 3, Surprise: 9.25},
		Samples:  []event.Event{sample, sample}, Attack: []string{"T1110", "T1110.001"}, OWASP: []string{"API2:2023"},
		OAT: []string{"OAT-007"},
	}
}

func TestFindingsRoundTrip(t *testing.T) {
	s := migrated(t, servers.ClickHouse(t))
	full, bare := aFinding("a", 3), finding.Finding{ID: "b", Revision: 1, Activity: finding.Create, Severity: finding.Info}
	if err := s.InsertFindings(testContext(t), []finding.Finding{full, bare}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Query(testContext(t), `SELECT id, revision, activity, detector, severity, score, confidence, entity_type,
entity, related, service, title, description, first_seen, last_seen, count, evidence, has_baseline, baseline_observed,
baseline_expected, baseline_low, baseline_high, baseline_surprise, length(samples), attack, owasp, oat
FROM findings_latest ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{
			"a", "3", "update", "login_bruteforce", "high", "81.5", "0.9", "network", "192.0.2.1",
			`[{"type":"principal","value":"o'hara"},{"type":"asn","value":"AS64500"}]`, "shop", "title \"quoted\"",
			"100 % of\nlogins", "2026-03-01T10:00:00.000000005Z", "2026-03-01T10:00:00.000000006Z", "30",
			`{"failures":12,"ratio":0.25}`, "true", "12", "0.5", "0", "3", "9.25", "2", `["T1110","T1110.001"]`, `["API2:2023"]`,
			`["OAT-007"]`,
		},
		{
			"b", "1", "create", "", "info", "0", "0", "unknown", "", "[]", "", "", "", "1970-01-01T00:00:00Z",
			"1970-01-01T00:00:00Z", "0", "{}", "false", "0", "0", "0", "0", "0", "0", "[]", "[]", "[]",
		},
	}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	raw, err := json.Marshal(&full)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(raw), value(t, s, "SELECT raw FROM findings_latest WHERE id = 'a'")); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
	// An analyst goes from a sample to its row by the id.
	batch := NewEvents()
	batch.Append(&full.Samples[0])
	if err := s.InsertEvents(testContext(t), batch, "x"); err != nil {
		t.Fatal(err)
	}
	const join = `SELECT path FROM events WHERE event_id IN
(SELECT unhex(JSONExtractString(arrayJoin(samples), 'event_id')) FROM findings_latest WHERE id = 'a')`
	if got := value(t, s, join); got != "/wp-login.php" {
		t.Errorf("the sample leads to path %q", got)
	}
}

func TestFindingsReplaceThemselves(t *testing.T) {
	s := migrated(t, servers.ClickHouse(t))
	insert := func(revisions ...int) {
		t.Helper()
		var all []finding.Finding
		for _, r := range revisions {
			all = append(all, aFinding("a", r), aFinding("b", r))
		}
		if err := s.InsertFindings(testContext(t), all); err != nil {
			t.Fatal(err)
		}
	}
	insert(1, 2)
	insert(3)
	insert(1, 2) // a replay brings old revisions again, in another batch
	insert(2)
	const latest = "SELECT concat(toString(count()), ' ', toString(min(revision)), ' ', toString(sum(count))) FROM findings_latest"
	if got := value(t, s, latest); got != "2 3 60" {
		t.Errorf("findings, lowest revision, events: %s, want 2 3 60", got)
	}
	if err := s.exec(testContext(t), "OPTIMIZE TABLE findings FINAL"); err != nil {
		t.Fatal(err)
	}
	if got := value(t, s, "SELECT count() FROM findings"); got != "2" {
		t.Errorf("%s rows are left after merging, want 2", got)
	}
}

func TestFindingsThatJSONCannotSay(t *testing.T) {
	s := newStore(t, "localhost:9")
	bad := aFinding("a", 1)
	bad.Score = math.NaN()
	if err := s.InsertFindings(testContext(t), []finding.Finding{bad}); err == nil {
		t.Error("InsertFindings() of a score that is no number = nil, want an error")
	}
}

func TestFindingsNone(t *testing.T) {
	if err := newStore(t, "localhost:9").InsertFindings(testContext(t), nil); err != nil {
		t.Errorf("InsertFindings(none) = %v", err)
	}
}

func TestQuery(t *testing.T) {
	s := migrated(t, servers.ClickHouse(t))
	got, err := s.Query(testContext(t), `SELECT ? AS a, 1.5 AS b, NULL AS c, toIPv6('2001:db8::1') AS d, toIPv4('192.0.2.1') AS e,
toDateTime('2026-03-01 10:00:00', 'UTC') AS f, [1, 2] AS g, map('k', 'v') AS h, true AS i, toUInt128('340282366920938463463374607431768211455') AS j,
toNullable(7) AS k, toLowCardinality('x') AS l`, `o'hara \ "`)
	if err != nil {
		t.Fatal(err)
	}
	want := &Table{
		Columns: []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"},
		Rows: [][]string{{
			`o'hara \ "`, "1.5", "", "2001:db8::1", "192.0.2.1", "2026-03-01T10:00:00Z", "[1,2]", `{"k":"v"}`, "true",
			"340282366920938463463374607431768211455", "7", "x",
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Query() (-want +got):\n%s", diff)
	}
	if _, err := s.Query(testContext(t), "SELECT nonsense"); err == nil {
		t.Error("Query(SELECT nonsense) = nil, want an error")
	}
}

func TestClass(t *testing.T) {
	seen := map[string]bool{}
	for c := range classes {
		if name := c.String(); name == "" || seen[name] {
			t.Errorf("class %d is named %q, want a name of its own", c, name)
		}
		seen[c.String()] = true
	}
	for _, tt := range []struct {
		code int
		want Class
		temp bool
	}{
		{252, ClassBusy, true},
		{241, ClassBusy, true},
		{242, ClassReadOnly, true},
		{159, ClassTimeout, true},
		{999, ClassServer, true},
		{49, ClassServer, true},
		{497, ClassDenied, false},
		{516, ClassLogin, false},
		{16, ClassSchema, false},
		{60, ClassSchema, false},
	} {
		t.Run(fmt.Sprint(tt.code), func(t *testing.T) {
			if got := classOfCode(tt.code); got != tt.want || got.Temporary() != tt.temp {
				t.Errorf("classOfCode(%d) = %v, temporary %t, want %v, %t", tt.code, got, got.Temporary(), tt.want, tt.temp)
			}
		})
	}
}
