package event

import (
	"encoding/json"
	"maps"
	"net/netip"
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const jsonSchema = schemaDir + "event.schema.json"

func compileJSONSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(jsonSchema)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t testing.TB, s *jsonschema.Schema, b []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v", b, err)
	}
}

func TestAppendJSON(t *testing.T) {
	e := Event{
		Time: 1_700_000_000_000_000_000, Method: "GET", Path: "/a\"\\\n\x01\x7f\xff\u2028ä", Client: netip.MustParseAddr("192.0.2.1"),
		Unmapped: []Pair{{"k", "v"}, {"", ""}},
	}
	e.SetStatus(0)
	const want = `{"timestamp":"2023-11-14T22:13:20Z","method":"GET","path":"/a\"\\\n\u0001\u007f\ufffd\u2028ä","status":0,` +
		`"client_ip":"192.0.2.1","unmapped":{"k":"v","":""}}`
	if diff := cmp.Diff(want, string(e.AppendJSON(nil))); diff != "" {
		t.Errorf("AppendJSON (-want +got):\n%s", diff)
	}
	if got := string(new(Event).AppendJSON([]byte("x"))); got != "x{}" {
		t.Errorf("AppendJSON of an empty event after x = %s", got)
	}
}

func TestJSONAgreesWithSchema(t *testing.T) {
	e := full()
	encoded := e.AppendJSON(nil)
	validate(t, compileJSONSchema(t), encoded)

	var got map[string]any
	if err := json.Unmarshal(encoded, &got); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(jsonSchema)
	if err != nil {
		t.Fatal(err)
	}
	var published struct {
		Properties map[string]struct{ Description string } `json:"properties"`
	}
	if err := json.Unmarshal(raw, &published); err != nil {
		t.Fatal(err)
	}
	want, have := slices.Sorted(maps.Keys(published.Properties)), slices.Sorted(maps.Keys(got))
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("members of the schema and of a full event (-schema +event):\n%s", diff)
	}
	for name, p := range published.Properties {
		if p.Description == "" {
			t.Errorf("member %s has no description", name)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	e := full()
	e.Unmapped = []Pair{{"b", "1"}, {"a", "2"}, {"\u2028", ""}} // valid UTF-8: the rest does not survive JSON
	b, err := json.Marshal(struct{ Sample Event }{e})
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Sample Event }
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	e.Origin = Origin{}
	if diff := cmp.Diff(e, got.Sample, compare); diff != "" {
		t.Errorf("decode(encode(x)) (-want +got):\n%s", diff)
	}
}

func TestUnmarshalJSONRefuses(t *testing.T) {
	for _, in := range []string{
		`[]`, `{"timestamp":"yesterday"}`, `{"status":"200"}`, `{"status":4294967296}`, `{"client_ip":"localhost"}`,
		`{"unmapped":[]}`, `{"unmapped":{"a":1}}`, `{"method":1}`,
	} {
		var e Event
		if err := json.Unmarshal([]byte(in), &e); err == nil {
			t.Errorf("Unmarshal(%s) gave no error", in)
		}
	}
}

func TestAppendJSONDoesNotAllocate(t *testing.T) {
	e := full()
	buf := e.AppendJSON(nil)
	if n := testing.AllocsPerRun(100, func() { buf = e.AppendJSON(buf[:0]) }); n != 0 {
		t.Errorf("AppendJSON allocates %v times", n)
	}
}

func FuzzAppendJSONString(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\\n\x00\x7f", "\xff\xfe", "ä\u2028\U0001F600", "\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := AppendJSONString(nil, s)
		if !utf8.Valid(b) {
			t.Fatalf("%q is no UTF-8", b)
		}
		var got string
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if want := string([]rune(s)); got != want { // the conversion makes U+FFFD of every invalid byte
			t.Fatalf("%q came back as %q, want %q", s, got, want)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	e := full()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = e.AppendJSON(buf[:0])
	}
	b.SetBytes(int64(len(buf)))
}
