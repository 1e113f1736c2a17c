package envelope

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

// found writes down what an envelope holds.
type found struct{ all []string }

func (f *found) Line(text []byte, c Context) {
	s := string(text)
	if c.Service != "" {
		s += " service=" + c.Service
	}
	if c.Lines {
		s += " (lines)"
	}
	f.all = append(f.all, s)
}

func (f *found) Event(e *event.Event, reason format.Reason, _ []byte) {
	f.all = append(f.all, fmt.Sprintf("%v %s", reason, e.AppendJSON(nil)))
}

func TestOpen(t *testing.T) {
	tests := []struct {
		name   string
		in     string
		kind   Kind
		reason format.Reason
		want   []string
	}{
		{"nothing", "", None, format.UnknownFormat, nil},
		{"a word", "hello", None, format.UnknownFormat, nil},
		{"message", `{"message":"a"}`, Object, format.ReasonNone, []string{"a"}},
		{"best member wins", `{"log":"b","x":1,"message":"a"}`, Object, format.ReasonNone, []string{"a"}},
		{"blank member gives way", `{"message":" ","log":"b"}`, Object, format.ReasonNone, []string{"b"}},
		{"last duplicate wins", `{"message":"a","message":"b"}`, Object, format.ReasonNone, []string{"b"}},
		{"nothing in it", `{"message":""}`, Object, format.SkipLine, nil},
		{"no member", `{"x":"a"}`, Object, format.UnknownFormat, nil},
		{"number is no line", `{"message":7}`, Object, format.UnknownFormat, nil},
		{"ECS's log is no line", `{"log":{"offset":1},"line":"a"}`, Object, format.ReasonNone, []string{"a"}},
		{"malformed", `{"message":"a",}`, Object, format.BadSyntax, nil},
		{"cut off", `{"message":"a`, Object, format.Truncated, nil},
		{"bytes", `{"MESSAGE":[104,105,255]}`, Object, format.ReasonNone, []string{"hi\xff"}},
		{"bytes out of range", `{"MESSAGE":[104,256]}`, Object, format.UnknownFormat, nil},
		{"records", `{"records":[{"a":1},"b"]}`, Object, format.ReasonNone, []string{`{"a":1}`, "b"}},
		{"array", `[{"a":1}]`, List, format.ReasonNone, []string{`{"a":1}`}},
		{"array of words", `["a"]`, None, format.UnknownFormat, nil},
		{"container", `{"log":"a","kubernetes":{"container_name":"w"}}`, Object, format.ReasonNone, []string{"a service=w"}},
		{"registry", "\x00\x00\x00\x00\x01{}", Registry, format.ReasonNone, []string{"{}"}},
		{"registry without JSON", "\x00\x00\x00\x00\x01ab", None, format.UnknownFormat, nil},
		{"CRI", "2026-10-10T13:55:40Z stdout F a b", CRI, format.ReasonNone, []string{"a b"}},
		{"CRI without flag", "2026-10-10T13:55:40Z stdout a b", Stamped, format.ReasonNone, []string{"a b"}},
		{"priority out of range", "<1234>a", Syslog, format.UnknownFormat, nil},
		{"priority alone", "<134>", Syslog, format.UnknownFormat, nil},
		{"3164", "<134>Oct 10 13:55:40 h t[1]: a b", Syslog, format.ReasonNone, []string{"a b"}},
		{"3164 with IPv6 host", "<134>Oct 10 13:55:40 2001:db8::1 t: a", Syslog, format.ReasonNone, []string{"a"}},
		{"3164 without message", "<134>Oct 10 13:55:40 h t: ", Syslog, format.SkipLine, nil},
		{"no month", "Okt 10 13:55:40 h t: a", None, format.UnknownFormat, nil},
		{"5424", `<134>1 2026-10-10T13:55:40Z h a 1 m [x y="]\"\\"] a b`, Syslog, format.ReasonNone, []string{"a b"}},
		{"5424 with open data", `<134>1 2026-10-10T13:55:40Z h a 1 m [x y="] a b`, Syslog, format.UnknownFormat, nil},
		{"5424 cut off", `<134>1 2026-10-10T13:55:40Z h a`, Syslog, format.UnknownFormat, nil},
		{"5424 with bad time", `<134>1 yesterday h a 1 m - a`, Syslog, format.UnknownFormat, nil},
		{"Logstash", "2026-10-10T13:55:40.1Z h 203.0.113.9 - -", Stamped, format.ReasonNone, []string{"203.0.113.9 - -"}},
		{"tag is no IPv6 address", "2026-10-10T13:55:40.1Z h 2001:db8:: - -", Stamped, format.ReasonNone, []string{"2001:db8:: - -"}},
		{"Logstash, host an object", "2026-10-10T13:55:40.1Z {name=h, ip=[::1]} a b", Stamped, format.ReasonNone, []string{"a b"}},
		{"Logstash, no host", "2026-10-10T13:55:40.1Z %{host} a b", Stamped, format.ReasonNone, []string{"a b"}},
		{"Logstash, JSON is no host", `2026-10-10T13:55:40.1Z {"a":"b=c} d"}`, Stamped, format.UnknownFormat, nil},
		{"Heroku", "<134>1 2026-10-10T13:55:40Z host app web.1 - a b", Syslog, format.ReasonNone, []string{"a b"}},
		{"Google's text", `{"insertId":"x","textPayload":"a"}`, Object, format.ReasonNone, []string{"a"}},
		{"Google's object", `{"insertId":"x","jsonPayload":{"message":"a"}}`, Object, format.ReasonNone, []string{`{"message":"a"}`}},
		{"protobuf", "\n\x09\x12\x07\x12\x05\x2a\x03\n\x01b", Protobuf, format.ReasonNone, []string{"b"}},
		{"protobuf with a resource alone", "\n\x02\n\x00", Protobuf, format.SkipLine, nil},
		{"protobuf with a broken record", "\n\x08\x12\x06\x12\x04\x2a\x09\n\x01", Protobuf, format.ReasonNone, []string{"bad_syntax {}"}},
		{"protobuf with broken records", "\n\x0c\x12\x0a\x12\x05\x2a\x03\n\x01b\x12\x09x", Protobuf, format.BadSyntax, []string{"b"}},
		{"line feed in front", "\n2a\n", None, format.UnknownFormat, nil},
		{"line feeds", "\n\n\n\n\n\n\n\n\n\n\n\n", None, format.UnknownFormat, nil},
		{"compose", "web-1  | a b", Labelled, format.ReasonNone, []string{"a b"}},
		{"tag", "nginx: 203.0.113.9 - -", Labelled, format.ReasonNone, []string{"203.0.113.9 - -"}},
		{"sentence", "error: it failed", None, format.UnknownFormat, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f found
			kind := SniffLoosely([]byte(tt.in))
			reason := New(1000).Open(kind, []byte(tt.in), 0, &f)
			if kind != tt.kind || reason != tt.reason {
				t.Errorf("%q: kind %d, reason %v, want %d, %v", tt.in, kind, reason, tt.kind, tt.reason)
			}
			if diff := cmp.Diff(tt.want, f.all); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestOpenIsBoundedInDepth(t *testing.T) {
	var f found
	if got := New(1000).Open(Object, []byte(`{"message":"a"}`), MaxLevels, &f); got != format.TooDeep {
		t.Errorf("level %d: %v, want %v", MaxLevels, got, format.TooDeep)
	}
	if got := New(1000).Open(Object, []byte(strings.Repeat(`{"message":`, 1000)), 0, &f); got != format.TooDeep {
		t.Errorf("a thousand objects: %v, want %v", got, format.TooDeep)
	}
	gzip := []byte("\x1f\x8b\x08")
	if got := New(1000).Open(Compressed, gzip, 1, &f); got != format.BadEncoding {
		t.Errorf("compressed inside: %v, want %v", got, format.BadEncoding)
	}
}

func FuzzOpen(f *testing.F) {
	for _, s := range []string{
		`{"message":"a\n"}`, `{"records":[{"a":1}]}`, `{"MESSAGE":[1,2,3]}`, `{"logEvents":[{"message":"a"}]}`, `[{"a":1},{"b":2}]`,
		`{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},"scopeLogs":[{"logRecords":[` +
			`{"timeUnixNano":"1791640536123000000","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},` +
			`{"key":"url.path","value":{"stringValue":"/"}},{"key":"client.address","value":{"stringValue":"203.0.113.9"}}]},` +
			`{"body":{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"intValue":"1"},{}]}}}]}}}]}]}]}`,
		"<134>Oct 10 13:55:40 h t[1]: a", `<134>1 - h a - - [x y="z"] a`, "2026-10-10T13:55:40Z stderr P a", "12 <1>t: a", "w | a", "t: 1",
		// An export of one record with the attribute a=1 and the body "b"; the same with attributes that describe a request.
		"\n\x16\n\x00\x12\x12\x12\x10\x09\x01\x02\x03\x04\x05\x06\x07\x08\x2a\x03\n\x01b\x32\x00",
		"\n\x1c\x12\x1a\x12\x18\x2a\x16\x32\x14\n\x12\n\x01a\x12\x0d\x2a\x0b\n\x09\x21\x00\x00\x00\x00\x00\x00\xf0\x3f",
		"\x1f\x8b\x08\x00", "\x28\xb5\x2f\xfd\x00", "\x00\x00\x00\x00\x01{}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		input := bytes.Clone(text)
		o := New(100)
		for depth := range 2 {
			var in found
			kind := SniffLoosely(text)
			reason := o.Open(kind, text, depth, &in)
			if (reason == format.SkipLine || reason == format.UnknownFormat) && len(in.all) > 0 {
				t.Fatalf("%q: %v, but it held %q", text, reason, in.all)
			}
			if reason == format.ReasonNone && len(in.all) == 0 {
				t.Fatalf("%q: %v, but it held nothing", text, reason)
			}
		}
		if !bytes.Equal(text, input) {
			t.Fatal("the text was written to")
		}
	})
}
