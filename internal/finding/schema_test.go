package finding

import (
	"bytes"
	"encoding/json"
	"math"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gatewatch/internal/event"
)

const (
	findingSchema = "../../schemas/finding/v1/finding.schema.json"
	eventSchema   = "../../schemas/event/v1/event.schema.json"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(findingSchema)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchemaHoldsEvent keeps the copy of the event's schema, which makes the finding's usable alone, equal to the original.
func TestSchemaHoldsEvent(t *testing.T) {
	event := readSchema(t, eventSchema)
	for _, own := range []string{"$schema", "$id", "title"} {
		delete(event, own)
	}
	defs, _ := readSchema(t, findingSchema)["$defs"].(map[string]any)
	if diff := cmp.Diff(event, defs["event"]); diff != "" {
		t.Errorf("$defs/event of %s is not %s (-event +finding):\n%s", findingSchema, eventSchema, diff)
	}
}

func readSchema(t *testing.T, path string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return m
}

// full is a finding with everything set, and hostile text in it.
func full() Finding {
	e := event.Event{
		Time: 1_700_000_000_123_456_789, Method: "GET", Scheme: "https", Host: "shop.example:8443", Path: "/a\x1b[31m<b>\xff",
		Query: "q=~0123456789abcdef", Client: netip.MustParseAddr("192.0.2.1"), Peer: netip.MustParseAddr("10.0.0.1"),
		XFF: "198.51.100.9, 192.0.2.1", UserAgent: "curl/8.5", Referrer: "https://shop.example/", HTTPVersion: "2",
		RequestID: "r1", Principal: "alice", Credential: "00112233445566778899aabbccddeeff", Service: "shop",
	}
	e.SetStatus(404)
	e.SetBodyBytesOut(153)
	e.SetUpstream(2500)
	return Finding{
		ID: "0123456789abcdef0123456789abcdef", Revision: 3, Activity: Close, Detector: "path_scan", Severity: High,
		Score: 72.5, Confidence: 0.9, Entity: event.Entity{Kind: event.KindNetwork, Value: "192.0.2.1"},
		Related: []event.Entity{{Kind: event.KindPrincipal, Value: "alice"}, {Kind: event.KindSession, Value: "ab"}},
		Service: "shop", Title: "Path enumeration", Description: "The client guesses paths.",
		FirstSeen: 1_700_000_000_123_456_789, LastSeen: 1_700_000_100_000_000_000, Count: 41,
		Evidence: []Number{{"missed_paths", 40}, {"missed_share", 0.975}},
		Baseline: &Baseline{Observed: 40, Expected: 0.5, Low: 0, High: 3, Surprise: 31.25},
		Samples:  []event.Event{e, {Time: 1, RequestLine: "\x16\x03\x01"}},
		Attack:   []string{"T1595.003", "T1190"}, OWASP: []string{"API9:2023"}, OAT: []string{"OAT-014"},
	}
}

func least() Finding {
	return Finding{
		ID: strings.Repeat("0", 32), Revision: 1, Activity: Create, Detector: "x", Severity: Info, Title: "t", Count: 1,
		Entity: event.Entity{Kind: event.KindNetwork, Value: "h.example"},
	}
}

func TestJSONAgreesWithSchema(t *testing.T) {
	schema := compileSchema(t)
	for name, f := range map[string]Finding{"full": full(), "least": least()} {
		t.Run(name, func(t *testing.T) {
			b, err := json.Marshal(&f)
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%s: %v", b, err)
			}
			var first, second Finding
			if err := json.Unmarshal(b, &first); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(&first)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(again, &second); err != nil {
				t.Fatal(err)
			}
			same := cmp.Comparer(func(a, b netip.Addr) bool { return a == b })
			if diff := cmp.Diff(first, second, same); diff != "" {
				t.Errorf("marshal and unmarshal (-first +second):\n%s", diff)
			}
		})
	}
}

func TestSchemaRefusesOthers(t *testing.T) {
	schema := compileSchema(t)
	for name, change := range map[string]func(map[string]any){
		"no id":               func(m map[string]any) { delete(m, "id") },
		"unknown member":      func(m map[string]any) { m["colour"] = "red" },
		"unknown severity":    func(m map[string]any) { m["severity"] = "grave" },
		"revision of 0":       func(m map[string]any) { m["revision"] = 0 },
		"unknown entity type": func(m map[string]any) { m["entity"].(map[string]any)["type"] = "planet" },
		"sample not an event": func(m map[string]any) { m["samples"] = []any{map[string]any{"colour": "red"}} },
	} {
		t.Run(name, func(t *testing.T) {
			f := full()
			b, err := json.Marshal(&f)
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			change(m)
			if schema.Validate(m) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

func TestCloneSharesNothing(t *testing.T) {
	f := full()
	c := f.Clone()
	if diff := cmp.Diff(f, c, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("Clone (-original +clone):\n%s", diff)
	}
	f.Evidence[0].Value, f.Related[0].Value, f.Samples[0].Path, f.Baseline.Observed, f.Attack[0] = 0, "", "", 0, ""
	if c.Evidence[0].Value == 0 || c.Related[0].Value == "" || c.Samples[0].Path == "" || c.Baseline.Observed == 0 || c.Attack[0] == "" {
		t.Error("a change of the original shows in the clone")
	}
}

func TestWorse(t *testing.T) {
	a, b := full(), full()
	for _, tt := range []struct {
		name   string
		change func(b *Finding)
		want   int
	}{
		{"equal", func(*Finding) {}, 0},
		{"less severe, higher score", func(b *Finding) { b.Severity, b.Score = Low, 100 }, -1},
		{"higher score", func(b *Finding) { b.Score = 80 }, 1},
		{"more events", func(b *Finding) { b.Count++ }, 1},
		{"later", func(b *Finding) { b.FirstSeen++ }, -1},
		{"greater id", func(b *Finding) { b.ID = strings.Repeat("f", 32) }, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b = full()
			tt.change(&b)
			if got := Worse(&a, &b); got != tt.want {
				t.Errorf("Worse = %d, want %d", got, tt.want)
			}
			if got := Worse(&b, &a); got != -tt.want {
				t.Errorf("Worse the other way round = %d, want %d", got, -tt.want)
			}
		})
	}
}

func TestMillisRoundsDown(t *testing.T) {
	for ns, want := range map[int64]int64{0: 0, 999_999: 0, 1_000_000: 1, -1: -1, math.MaxInt64: math.MaxInt64 / 1_000_000} {
		if got := millis(ns); got != want {
			t.Errorf("millis(%d) = %d, want %d", ns, got, want)
		}
	}
}
