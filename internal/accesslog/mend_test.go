package accesslog

import (
	"encoding/json"
	"strings"
	"testing"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

func TestMend(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"quote", `{"a":"x\x22y"}`, `{"a":"x\u0022y"}`},
		{"backslash and control", `{"a":"\x5C\x16"}`, `{"a":"\u005C\u0016"}`},
		{"letter beyond ASCII", `{"a":"\xC3\xA9"}`, `{"a":"é"}`},
		{"in a key", `{"\x61":1}`, `{"\u0061":1}`},
		{"escaped backslash before an x", `{"a":"\\x22"}`, ""},
		{"no hexadecimal", `{"a":"\xg2"}`, ""},
		{"cut off", `{"a":"\x2`, ""},
		{"cut off behind the backslash", `{"a":"\`, ""},
		{"no value", `{"a":,"b":}`, `{"a":null,"b":null}`},
		{"dash", `{"a": -, "b":- }`, `{"a":null, "b":null}`},
		{"negative number", `{"a":-5}`, ""},
		{"inside a string", `{"a":":,\":-,"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l level
			got, ok := l.mend([]byte(tt.in))
			if ok != (tt.want != "") || ok && string(got) != tt.want {
				t.Errorf("mend(%s) = %s, %v; want %s", tt.in, got, ok, tt.want)
			}
		})
	}
}

// FuzzMend: well-formed JSON is never changed, and what was mended is not mended again.
func FuzzMend(f *testing.F) {
	for _, s := range samples(f, "*-json.txtar") {
		for _, line := range lines(s.input) {
			f.Add(line)
			f.Add([]byte(strings.ReplaceAll(strings.ReplaceAll(string(line), `\"`, `\x22`), `""`, ``)))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var once, twice level
		mended, ok := once.mend(text)
		if !ok {
			return
		}
		if json.Valid(text) {
			t.Fatalf("mend changed well-formed %q into %q", text, mended)
		}
		if again, ok := twice.mend(mended); ok {
			t.Fatalf("mend(%q) = %q, which is mended to %q", text, mended, again)
		}
		if len(mended) > 3*len(text) {
			t.Fatalf("mend made %d bytes of %d", len(mended), len(text))
		}
	})
}

// TestMendInEnvelope holds lines that need mending in a batch: the memory of one must not spoil the other.
func TestMendInEnvelope(t *testing.T) {
	line := func(path string) string {
		return `{"time":"2026-10-10T13:55:36Z","remote_addr":"203.0.113.9","request":"GET ` + path +
			` HTTP/1.1","status":404,"upstream_response_time":-,"http_user_agent":"a\x22b"}`
	}
	batch, err := json.Marshal(map[string]any{"records": []map[string]string{{"message": line("/a")}, {"message": line("/b")}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []Config{{}, {Format: "nginx-json"}} {
		d := newDecoder(t, cfg)
		var events []event.Event
		d.Decode(batch, sinkFunc(func(e *event.Event) { events = append(events, e.Clone(1<<10)) }))
		if len(events) != 2 || events[0].Path != "/a" || events[1].Path != "/b" || events[1].UserAgent != `a"b` {
			t.Errorf("%+v: events %v, stats %v", cfg, events, rejected(d.Stats()))
		}
	}
	d := newDecoder(t, Config{})
	d.Decode([]byte(`{"a":,,}`), drop)
	if s := d.Stats(); s.Rejected[format.BadSyntax] != 1 || s.Lines != 1 {
		t.Errorf("malformed beyond mending: %v of %d lines", rejected(s), s.Lines)
	}
}
