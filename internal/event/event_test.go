package event

import (
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// compare compares events; addresses by value.
var compare = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

// full is an event with every field set, each to a value of its own.
func full() Event {
	e := Event{
		Origin: Origin{Topic: "access.raw", Partition: 3, Ordinal: 2, Offset: 1 << 40},
		Time:   1_760_000_000_123_456_789,
		Client: netip.MustParseAddr("203.0.113.9"),
		Peer:   netip.MustParseAddr("2001:db8::7"),
		Unmapped: []Pair{
			{"upstream_cluster", "outbound|80||api"},
			{"empty", ""},
			{"x\x00y", "\xff\"\n"},
		},
	}
	for _, f := range texts {
		*e.text(f.number) = "<" + f.name + ">"
	}
	e.SetStatus(404)
	e.SetBytesIn(512)
	e.SetBytesOut(70_000)
	e.SetBodyBytesOut(69_000)
	e.SetDuration(1_250_000)
	e.SetUpstream(0)
	e.SetASN(64496)
	return e
}

func TestTextFieldsAreAllListed(t *testing.T) {
	seen := map[*string]string{}
	var e Event
	for _, f := range texts {
		p := e.text(f.number)
		if p == nil {
			t.Errorf("field %s: number %d selects no text", f.name, f.number)
			continue
		}
		if other, ok := seen[p]; ok {
			t.Errorf("fields %s and %s are the same text", f.name, other)
		}
		seen[p] = f.name
	}
	for n := range uint64(2 * numUnmapped) {
		if p := e.text(n); p != nil && seen[p] == "" {
			t.Errorf("number %d selects a text that the list lacks", n)
		}
	}
}

func TestClone(t *testing.T) {
	line := []byte("GET /äöü HTTP/1.1")
	e := Event{Method: alias(line[:3]), Path: alias(line[4:11]), Unmapped: []Pair{{"k", alias(line[4:])}}}
	c := e.Clone(4)
	for i := range line {
		line[i] = 'x'
	}
	want := Event{Method: "GET", Path: "/ä", Unmapped: []Pair{{"k", "/ä"}}} // 4 bytes would split the ö
	if diff := cmp.Diff(want, c, compare); diff != "" {
		t.Errorf("Clone(4) (-want +got):\n%s", diff)
	}
	f := full()
	if diff := cmp.Diff(f, f.Clone(0), compare); diff != "" {
		t.Errorf("Clone(0) (-want +got):\n%s", diff)
	}
}

func TestCut(t *testing.T) {
	for _, s := range []string{"", "abc", "äöü", "日本語", "a\xf0\x9f\x98\x80b", "\x80\x80\x80\x80\x80\x80"} {
		for limit := 1; limit <= len(s)+1; limit++ {
			got := cut(s, limit)
			if len(got) > limit || !strings.HasPrefix(s, got) {
				t.Errorf("cut(%q, %d) = %q", s, limit, got)
			}
			if utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("cut(%q, %d) = %q splits a rune", s, limit, got)
			}
		}
	}
}

func TestTrust(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	trust := TrustUntil(now.UnixNano())
	tests := []struct {
		name string
		at   time.Time
		want TimeVerdict
	}{
		{"now", now, TimeTrusted},
		{"first", time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), TimeTrusted},
		{"before first", time.Date(1989, 12, 31, 23, 59, 59, 999999999, time.UTC), TimePast},
		{"no clock", time.Unix(0, 0), TimePast},
		{"last", now.Add(Lead), TimeTrusted},
		{"after last", now.Add(Lead + 1), TimeFuture},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := trust.Check(tt.at.UnixNano()); got != tt.want {
				t.Errorf("Check(%v) = %v, want %v", tt.at, got, tt.want)
			}
		})
	}
	if got := TrustUntil(1<<63 - 1).Check(1<<63 - 1); got != TimeTrusted {
		t.Errorf("the bound overflows: Check(max) = %v", got)
	}
}

func TestOriginID(t *testing.T) {
	base := Origin{Topic: "access.raw", Partition: 1, Offset: 2, Ordinal: 3}
	seen := map[ID]Origin{base.ID(): base}
	for _, o := range []Origin{
		{Topic: "access.rax", Partition: 1, Offset: 2, Ordinal: 3},
		{Topic: "access.raw", Partition: 3, Offset: 2, Ordinal: 1},
		{Topic: "access.raw", Partition: 1, Offset: 3, Ordinal: 3},
		{Topic: "access.raw", Partition: 1, Offset: 2, Ordinal: 2},
		{},
	} {
		if other, ok := seen[o.ID()]; ok {
			t.Errorf("%+v and %+v share an ID", o, other)
		}
		seen[o.ID()] = o
	}
	// The ID is stored and compared across versions: it must never change.
	if got, want := base.ID().String(), "036bc84d1745f245acd57f3ada63853b"; got != want {
		t.Errorf("ID() = %s, want %s", got, want)
	}
	if n := testing.AllocsPerRun(100, func() { _ = base.ID() }); n != 0 {
		t.Errorf("ID() allocates %v times", n)
	}
}
