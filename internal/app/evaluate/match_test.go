package evaluate

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/label"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func minutes(n float64) time.Time { return noon.Add(time.Duration(n * float64(time.Minute))) }

func attack(id, family string, entities ...label.Entity) label.Label {
	return label.Label{
		ID: id, Attack: true, Family: family, Technique: id, Entities: entities, Begin: minutes(0), End: minutes(60), Requests: 9,
	}
}

func episode(detector string, kind event.Kind, value string) *Episode {
	return &Episode{
		ID: detector + value, Detector: detector, Severity: finding.Medium, Score: 50, Entity: event.Entity{Kind: kind, Value: value},
		First: minutes(10), Opened: minutes(12), Last: minutes(20),
	}
}

func TestMatch(t *testing.T) {
	const n, p = event.KindNetwork, event.KindPrefix
	for _, tt := range []struct {
		name    string
		of      label.Entity
		benign  bool
		kind    event.Kind
		value   string
		related []event.Entity
		service string
		want    bool
	}{
		{"an address", label.Entity{Type: "network", Value: "192.0.2.1"}, false, n, "192.0.2.1", nil, "", true},
		{"another address", label.Entity{Type: "network", Value: "192.0.2.1"}, false, n, "192.0.2.2", nil, "", false},
		{"a mapped address", label.Entity{Type: "network", Value: "::ffff:192.0.2.1"}, false, n, "192.0.2.1", nil, "", true},
		{"its /24", label.Entity{Type: "network", Value: "192.0.2.1"}, false, p, "192.0.2.0/24", nil, "", true},
		{"the next /24", label.Entity{Type: "network", Value: "192.0.2.1"}, false, p, "192.0.3.0/24", nil, "", false},
		{"an address in its /64", label.Entity{Type: "network", Value: "2001:db8:1:2::7"}, false, n, "2001:db8:1:2::/64", nil, "", true},
		{"a /64", label.Entity{Type: "network", Value: "2001:db8:1:2::/64"}, false, n, "2001:db8:1:2::/64", nil, "", true},
		{"a /64 and one address", label.Entity{Type: "network", Value: "2001:db8:1:2::/64"}, false, n, "2001:db8:1:2::9", nil, "", true},
		{"another /64", label.Entity{Type: "network", Value: "2001:db8:1:3::/64"}, false, n, "2001:db8:1:2::/64", nil, "", false},
		{"its /48", label.Entity{Type: "network", Value: "2001:db8:1:2::7"}, false, p, "2001:db8:1::/48", nil, "", true},
		{"a /24 and an address", label.Entity{Type: "prefix", Value: "192.0.2.0/24"}, false, n, "192.0.2.77", nil, "", true},
		{"a /24 and itself", label.Entity{Type: "prefix", Value: "192.0.2.0/24"}, false, p, "192.0.2.0/24", nil, "", true},
		{"a /16 and a /24", label.Entity{Type: "network", Value: "10.1.0.0/16"}, false, p, "10.1.2.0/24", nil, "", true},
		{"a /16 and an address elsewhere", label.Entity{Type: "network", Value: "10.1.0.0/16"}, false, n, "10.2.0.1", nil, "", false},
		{"a host name", label.Entity{Type: "network", Value: "a.example"}, false, n, "a.example", nil, "", true},
		{"a principal", label.Entity{Type: "principal", Value: "ada"}, false, event.KindPrincipal, "ada", nil, "", true},
		{"of another kind", label.Entity{Type: "principal", Value: "ada"}, false, event.KindSession, "ada", nil, "", false},
		{"a related principal", label.Entity{Type: "principal", Value: "ada"}, false, n, "192.0.2.1", []event.Entity{{Kind: event.KindPrincipal, Value: "ada"}}, "", true},
		{"a related network", label.Entity{Type: "network", Value: "192.0.2.1"}, false, event.KindPrincipal, "ada", []event.Entity{{Kind: n, Value: "192.0.2.1"}}, "", true},
		{"an endpoint", label.Entity{Type: "endpoint", Value: "GET a.example/x"}, false, event.KindEndpoint, "GET a.example/x", nil, "a", true},
		{"an endpoint of the service", label.Entity{Type: "service", Value: "a"}, false, event.KindEndpoint, "GET a.example/x", nil, "a", true},
		{"the service itself", label.Entity{Type: "service", Value: "a"}, false, event.KindService, "a", nil, "", true},
		{"another service", label.Entity{Type: "service", Value: "a"}, false, event.KindService, "b", nil, "", false},
		{"a client of the service", label.Entity{Type: "service", Value: "a"}, false, n, "192.0.2.1", nil, "a", false},
		{"a client during a deploy", label.Entity{Type: "service", Value: "a"}, true, n, "192.0.2.1", nil, "a", true},
		{"of another service", label.Entity{Type: "service", Value: "a"}, true, n, "192.0.2.1", nil, "b", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := attack("x", "reconnaissance", tt.of)
			l.Attack = !tt.benign
			e := episode("path_scan", tt.kind, tt.value)
			e.Related, e.Service = tt.related, tt.service
			if got := len(newMatcher([]label.Label{l}, 0).about(e)) > 0; got != tt.want {
				t.Errorf("matched: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestMatchInTime(t *testing.T) {
	l := attack("x", "reconnaissance", label.Entity{Type: "network", Value: "192.0.2.1"})
	for _, tt := range []struct {
		name          string
		first, opened float64
		want          Verdict
	}{
		{"during", 10, 20, True},
		{"of evidence before it too", -10, 0, True},
		{"in the second that it began in", -10, -0.01, True},
		{"open before", -10, -0.1, False},
		{"within the slack", 65, 65, True},
		{"too late", 59, 65.1, Aside},
		{"after the slack", 65.1, 70, False},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := episode("path_scan", event.KindNetwork, "192.0.2.1")
			e.First, e.Opened, e.Last = minutes(tt.first), minutes(tt.opened), minutes(90)
			cfg := DefaultConfig()
			cfg.Slack = 5 * time.Minute
			j := newJudge([]label.Label{l}, &cfg)
			j.judge(e)
			if got := j.judged[0].verdict; got != tt.want {
				t.Errorf("it is %s, want %s", got, tt.want)
			}
		})
	}
}

// TestDoing is about findings of a service that an attack on somebody else kept busy.
func TestDoing(t *testing.T) {
	for _, tt := range []struct {
		name  string
		kind  event.Kind
		value string
		slow  bool
		want  Verdict
	}{
		{"the service", event.KindService, "auth", false, Aside},
		{"an endpoint of it", event.KindEndpoint, "POST a.example/login", false, Aside},
		{"another client of it", event.KindNetwork, "192.0.2.9", false, False},
		{"another service", event.KindService, "web", false, False},
		{"no hour shows it", event.KindService, "auth", true, False},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := attack("x", "volume", label.Entity{Type: "network", Value: "192.0.2.1"})
			l.Services, l.Slow = []string{"auth"}, tt.slow
			e := episode("request_flood", tt.kind, tt.value)
			e.Service = map[bool]string{true: tt.value, false: "auth"}[tt.kind == event.KindService]
			j := newJudge([]label.Label{l}, new(DefaultConfig()))
			j.judge(e)
			if got := j.judged[0].verdict; got != tt.want {
				t.Errorf("it is %s, want %s", got, tt.want)
			}
		})
	}
}

func TestMatchEverybody(t *testing.T) {
	l := label.Label{ID: "holiday", Technique: "holiday", Begin: minutes(0), End: minutes(60)}
	j := newJudge([]label.Label{l}, new(DefaultConfig()))
	j.judge(episode("request_flood", event.KindNetwork, "192.0.2.1"))
	if got := j.judged[0].verdict; got != Benign {
		t.Errorf("a finding of a holiday is %s, want benign", got)
	}
}

func TestMapping(t *testing.T) {
	m, err := DefaultMapping().With("request_flood=enumeration")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		detector, family string
		want             bool
	}{
		{"path_scan", "reconnaissance", true},
		{"path_scan", "volume", false},
		{"scanner_agent", "reconnaissance", true},
		{"scanner_agent", "injection", true},
		{"scanner_agent", "volume", false},
		{"request_flood", "enumeration", true},
		{"no_detector", "volume", false},
		{"no_detector", "other", true},
	} {
		if got := m.fits(tt.detector, tt.family); got != tt.want {
			t.Errorf("%s fits %s: %v, want %v", tt.detector, tt.family, got, tt.want)
		}
	}
	if DefaultMapping().fits("request_flood", "enumeration") {
		t.Error("With changed the mapping that it was asked of")
	}
	for _, bad := range []string{"", "a", "a=", "=b"} {
		if _, err := DefaultMapping().With(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestReadFindings(t *testing.T) {
	line := func(revision, severity, opened, last string) string {
		return `{"id":"a","revision":` + revision + `,"activity":"update","detector":"path_scan","severity":"` + severity +
			`","score":40,"entity":{"type":"network","value":"192.0.2.1"},"related":[{"type":"session","value":"s"}],"service":"shop",` +
			`"first_seen":"2026-03-04T12:00:00Z","last_seen":"2026-03-04T` + last + `Z","count":1,"evidence":{},` +
			`"samples":[{"timestamp":"2026-03-04T` + opened + `Z"}]}` + "\n"
	}
	var got Episodes
	in := line("2", "high", "12:01:00", "12:09:00") + "\n" + line("1", "medium", "12:01:00", "12:01:00")
	if err := got.Read(strings.NewReader(in)); err != nil {
		t.Fatal(err)
	}
	want := []*Episode{{
		ID: "a", Detector: "path_scan", Severity: finding.High, Score: 40,
		Entity:  event.Entity{Kind: event.KindNetwork, Value: "192.0.2.1"},
		Related: []event.Entity{{Kind: event.KindSession, Value: "s"}}, Service: "shop",
		First: minutes(0), Opened: minutes(1), Last: minutes(9), revision: 2,
	}}
	if diff := cmp.Diff(want, got.All(), cmp.AllowUnexported(Episode{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestReadFaults(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"no JSON", "\nhello\n", "line 2"},
		{"an event", `{"timestamp":"2026-03-04T12:00:00Z"}`, "line 1"},
		{"half a finding", `{"id":"a","severity":"low"`, "line 1"},
		{"endless", strings.Repeat("x", longestFinding+1), "line 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e Episodes
			if err := e.Read(strings.NewReader(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
