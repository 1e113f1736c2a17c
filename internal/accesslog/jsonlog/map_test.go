package jsonlog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/event"
)

func TestCompileMap(t *testing.T) {
	d, err := CompileMap("shop", map[string]string{
		"timestamp": "ts", "client_ip": "net.client", "xff": "net.xff", "request": "req", "status": "code", "duration_us": "took", "upstream_us": "backend",
		"user_agent": "ua", "credential": "key", "principal": "who", "country": "geo.cc",
	}, map[string]string{"timestamp": "epoch_ms", "duration_us": "ms", "upstream_us": "ns"})
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "shop" || d.About == "" {
		t.Errorf("definition %q, %q", d.Name, d.About)
	}
	const line = `{"ts":"1795357800123","net":{"client":"192.0.2.1"},"net.xff":["203.0.113.1","198.51.100.1"],"req":"GET /a?b HTTP/1.1","code":"200",` +
		`"took":1.5,"backend":1000,"ua":"UA","key":"raw","who":"eve","geo":{"cc":"fr"},"rest":[1,2]}`
	got, err := parse(t, d.New(), line)
	if err != nil {
		t.Fatalf("Parse(%s) = %v", line, err)
	}
	want := with(event.Event{
		Time: at*second + 123e6, Client: addr("192.0.2.1"), Peer: addr("192.0.2.1"), XFF: "203.0.113.1,198.51.100.1", Method: "GET", Path: "/a", Query: "b",
		HTTPVersion: "1.1", UserAgent: "UA", Credential: "raw", Principal: "eve", Country: "FR", Unmapped: []event.Pair{{Key: "rest", Value: "[1,2]"}},
	}, statusOf(200), tookOf(1500), upstreamOf(1))
	if diff := cmp.Diff(want, got, compareAddr); diff != "" {
		t.Errorf("Parse(%s) (-want +got):\n%s", line, diff)
	}
}

func TestCompileMapUnits(t *testing.T) {
	tests := []struct {
		name, column, unit, value string
		want                      int64 // nanoseconds of a timestamp, microseconds of a duration
	}{
		{"seconds", "duration_us", "s", `0.25`, 250000},
		{"milliseconds", "duration_us", "ms", `"250"`, 250000},
		{"microseconds by default", "duration_us", "", `250000`, 250000},
		{"nanoseconds", "duration_us", "ns", `250000999`, 250000},
		{"with its unit", "duration_us", "text", `"250ms"`, 250000},
		{"list", "duration_us", "list_s", `"0.2, 0.05"`, 250000},
		{"any time by default", "timestamp", "", `"22/Nov/2026:14:30:00 +0000"`, at * second},
		{"any time in brackets", "timestamp", "auto", `"[22/Nov/2026:14:30:00 +0000]"`, at * second},
		{"any time, microseconds", "timestamp", "auto", `1795357800000000`, at * second},
		{"any time, nanoseconds", "timestamp", "auto", `1795357800000000000`, at * second},
		{"RFC 3339", "timestamp", "rfc3339", `"2026-11-22T14:30:00Z"`, at * second},
		{"common log", "timestamp", "clf", `"22/Nov/2026:15:30:00 +0100"`, at * second},
		{"epoch in seconds", "timestamp", "epoch_s", `1795357800.0`, at * second},
		{"epoch in milliseconds", "timestamp", "epoch_ms", `1795357800000`, at * second},
		{"epoch in microseconds", "timestamp", "epoch_us", `1795357800000000`, at * second},
		{"epoch in nanoseconds", "timestamp", "epoch_ns", `"1795357800000000000"`, at * second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fields := map[string]string{"timestamp": "t", "client_ip": "c", "path": "p"}
			fields[tt.column] = "x"
			line := `{"c":"192.0.2.1","p":"/","t":1795357800,"x":` + tt.value + `}`
			units := map[string]string{}
			if tt.unit != "" {
				units[tt.column] = tt.unit
			}
			d, err := CompileMap("m", fields, units)
			if err != nil {
				t.Fatal(err)
			}
			e, err := parse(t, d.New(), line)
			if err != nil {
				t.Fatalf("Parse(%s) = %v", line, err)
			}
			got := e.DurationUS
			if tt.column == "timestamp" {
				got = e.Time
			}
			if got != tt.want {
				t.Errorf("%s of %s in %q = %d, want %d", tt.column, tt.value, tt.unit, got, tt.want)
			}
		})
	}
}

func TestCompileMapFaults(t *testing.T) {
	good := map[string]string{"timestamp": "t", "client_ip": "c", "path": "p"}
	with := func(column, key string) map[string]string {
		out := map[string]string{column: key}
		for c, k := range good {
			if _, ok := out[c]; !ok {
				out[c] = k
			}
		}
		return out
	}
	tests := []struct {
		name   string
		fields map[string]string
		units  map[string]string
		want   []string
	}{
		{"unknown column", with("clientip", "x"), nil, []string{`unknown column "clientip"`, "client_ip", "user_agent"}},
		{"empty key", with("status", ""), nil, []string{`column "status": the key is empty`}},
		{"one key twice", with("host", "p"), nil, []string{`columns "host" and "path" have the same key "p"`}},
		{"unit of a column without", good, map[string]string{"path": "ms"}, []string{`unit of column "path": it has none`}},
		{"unit of no column", good, map[string]string{"duration_us": "ms"}, []string{`unit of "duration_us": the column has no key`}},
		{"unknown unit", with("duration_us", "d"), map[string]string{"duration_us": "minutes"}, []string{`unknown unit "minutes"`, "list_s"}},
		{"time unit of a duration", with("duration_us", "d"), map[string]string{"duration_us": "clf"}, []string{`unknown unit "clf"`}},
		{"nothing", nil, nil, []string{"timestamp", "client_ip, peer_ip", "method, path"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := CompileMap("m", tt.fields, tt.units)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not mention %q", err, want)
				}
			}
		})
	}
	if _, err := CompileMap("", good, nil); err == nil {
		t.Error("a format without a name is accepted")
	}
}
