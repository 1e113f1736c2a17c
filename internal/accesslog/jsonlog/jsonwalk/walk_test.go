package jsonwalk_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
	"gatewatch/internal/accesslog/lex"
)

// leaf is one visited leaf in a form that two decoders can be compared in.
type leaf struct{ Key, Value string }

func walk(line []byte) ([]leaf, format.Reason) {
	var out []leaf
	var w jsonwalk.Walker
	w.Reset(line)
	for w.Next() {
		out = append(out, leaf{valid(string(w.Key())), render(w.Value())})
	}
	return out, w.Reason()
}

// render spells a value as the oracle does: arrays by their elements, objects in arrays by their leaves.
func render(v jsonwalk.Value) string {
	var s lex.Scratch
	switch v.Kind {
	case jsonwalk.String, jsonwalk.Escaped:
		return "s:" + valid(v.Text(&s))
	case jsonwalk.Array:
		var parts []string
		c := jsonwalk.Open(v.Raw)
		for c.Next() {
			parts = append(parts, render(c.Value()))
		}
		return "[" + strings.Join(parts, "|") + "]" + c.Reason().String()
	case jsonwalk.Object:
		leaves, reason := walk(v.Raw)
		var parts []string
		for _, l := range leaves {
			parts = append(parts, l.Key+"="+l.Value)
		}
		return "{" + strings.Join(parts, "|") + "}" + reason.String()
	default:
		return string(v.Raw)
	}
}

// valid replaces invalid UTF-8 as encoding/json does, one replacement character for each byte.
func valid(s string) string { return string([]rune(s)) }

// oracle reads the same leaves with encoding/json's tokens, which keep order and duplicates.
type oracle struct {
	dec  *json.Decoder
	out  []leaf
	fail error
}

func (o *oracle) token() json.Token {
	t, err := o.dec.Token()
	if err != nil {
		o.fail = err
	}
	return t
}

func (o *oracle) object(prefix string, nested bool) {
	for o.fail == nil && o.dec.More() {
		key, _ := o.token().(string)
		if nested {
			key = prefix + "." + key
		}
		t := o.token()
		if t == json.Delim('{') {
			o.object(key, true)
			continue
		}
		o.out = append(o.out, leaf{key, o.render(t)})
	}
	o.token()
}

func (o *oracle) render(t json.Token) string {
	switch v := t.(type) {
	case json.Delim:
		var parts []string
		if v == '{' {
			in := oracle{dec: o.dec}
			in.object("", false)
			for _, l := range in.out {
				parts = append(parts, l.Key+"="+l.Value)
			}
			return "{" + strings.Join(parts, "|") + "}none"
		}
		for o.fail == nil && o.dec.More() {
			parts = append(parts, o.render(o.token()))
		}
		o.token()
		return "[" + strings.Join(parts, "|") + "]none"
	case string:
		return "s:" + v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	default:
		return "null"
	}
}

func decode(line []byte) []leaf {
	o := oracle{dec: json.NewDecoder(bytes.NewReader(line))}
	o.dec.UseNumber()
	o.token()
	o.object("", false)
	return o.out
}

// depth is the deepest nesting of well-formed JSON.
func depth(line []byte) int {
	dec := json.NewDecoder(bytes.NewReader(line))
	deep, most := 0, 0
	for {
		t, err := dec.Token()
		if err == io.EOF || err != nil {
			return most
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			deep++
			most = max(most, deep)
		case json.Delim('}'), json.Delim(']'):
			deep--
		}
	}
}

func isObject(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, " \t\r\n"), []byte("{"))
}

var seeds = []string{
	`{}`, ` { } `, `{"a":1}`, `{"a":{"b":{"c":"d"}},"e":[1,"x",{"f":null}]}`, `{"a.b":1,"a":{"b":2}}`,
	`{"s":"\ud83d\ude00 \ud83d \ude00 \ud83dx \u0000 \"\\\/\b\f\n\r\t"}`, `{"k\u0065y":true,"":false,"x":{"":1}}`,
	`{"n":-0.0e+10,"m":1E999,"o":-5,"p":1e-5}`, `{"a":NaN}`, `{"a":-Infinity}`, `{"a":01}`, `{"a":1.}`, `{"a":.5}`,
	`{"a":+1}`, `{"a":1}x`, `{"a":1}{"b":2}`, `{"a":1,}`, `{,"a":1}`, `{"a" 1}`, `{"a":}`, `{a:1}`, `{'a':1}`,
	`{"a":[1,]}`, `{"a":[,1]}`, `{"a":[1 2]}`, `{"a":{"b":1]}`, `{"a":[}`, `[1]`, `"a"`, `1`, ``, ` `, "{\"a\":\"\x01\"}",
	"{\"a\":\"\xff\xfe\xc3\x28\"}", "{\"\xff\":\"tab\tno\"}", `{"a":"\x41"}`, `{"a":"\u12g4"}`, `{"a":tru}`, `{"a":nul`,
	`{"a":"` + strings.Repeat("x", 300) + `"}`, `{"a":[[],{},[[]],{"b":[]}],"c":{}}`,
	strings.Repeat(`{"a":`, 31) + `[1]` + strings.Repeat(`}`, 31), strings.Repeat(`{"a":`, 33) + `1` + strings.Repeat(`}`, 33),
	`{"a":` + strings.Repeat(`[`, 31) + strings.Repeat(`]`, 31) + `}`, `{"a":` + strings.Repeat(`[`, 1000), strings.Repeat(`{"a":`, 1000),
	`{"a":1,"a":2,"a":null}`, "{\"a\":1}\n", "\ufeff{\"a\":1}", `{"a":"b" }`, `{"a" : [ 1 , 2 ] , "b" : { } }`,
}

func FuzzWalk(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		got, reason := walk(line)
		want := json.Valid(line) && isObject(line) && depth(line) <= jsonwalk.MaxDepth
		if ok := reason == format.ReasonNone; ok != want {
			t.Fatalf("walk(%q) = %v, a standard decoder accepts it: %v", line, reason, want)
		}
		if !want {
			return
		}
		if diff := cmp.Diff(decode(line), got); diff != "" {
			t.Errorf("walk(%q) (-standard +got):\n%s", line, diff)
		}
	})
}

func TestWalkReason(t *testing.T) {
	tests := []struct {
		name, line string
		want       format.Reason
	}{
		{"object", `{"a":1}`, format.ReasonNone},
		{"space around", " {\"a\":1}\r\n", format.ReasonNone},
		{"blank", " \n", format.Empty},
		{"no object", `[1]`, format.BadSyntax},
		{"trailing garbage", `{"a":1}x`, format.BadSyntax},
		{"second object", `{"a":1}{}`, format.BadSyntax},
		{"NaN", `{"a":NaN}`, format.BadNumber},
		{"infinity", `{"a":-Infinity}`, format.BadNumber},
		{"leading zero", `{"a":01}`, format.BadSyntax},
		{"control character", "{\"a\":\"\x1f\"}", format.BadSyntax},
		{"escape", `{"a":"\q"}`, format.BadSyntax},
		{"cut in an escape", `{"a":"\u00`, format.Truncated},
		{"cut in a literal", `{"a":nul`, format.Truncated},
		{"32 deep", strings.Repeat(`{"a":`, 32) + `1` + strings.Repeat(`}`, 32), format.ReasonNone},
		{"33 deep", strings.Repeat(`{"a":`, 33) + `1` + strings.Repeat(`}`, 33), format.TooDeep},
		{"objects 1000 deep", strings.Repeat(`{"a":`, 1000), format.TooDeep},
		{"arrays 31 deep in an object", `{"a":` + strings.Repeat(`[`, 31) + strings.Repeat(`]`, 31) + `}`, format.ReasonNone},
		{"arrays 1000 deep", `{"a":` + strings.Repeat(`[`, 1000), format.TooDeep},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, got := walk([]byte(tt.line)); got != tt.want {
				t.Errorf("walk(%q) = %v, want %v", tt.line, got, tt.want)
			}
		})
	}
}

func TestEveryPrefixIsTruncated(t *testing.T) {
	const line = `{"a":{"b":"c\u00e9\\"},"d":[1,-2.5e+7,{"e":null}],"f":true,"g":false,"h":{}}`
	for n := range len(line) {
		want := format.Truncated
		if n == 0 {
			want = format.Empty
		}
		if _, got := walk([]byte(line[:n])); got != want {
			t.Errorf("walk(%q) = %v, want %v", line[:n], got, want)
		}
	}
}

func TestCursor(t *testing.T) {
	c := jsonwalk.Open([]byte(` [ {"message":"one"} , {"message":"two"}, 3 ] `))
	var got []string
	for c.Next() {
		got = append(got, string(c.Key().Raw)+string(c.Value().Raw))
	}
	if c.Reason() != format.ReasonNone {
		t.Errorf("Reason() = %v", c.Reason())
	}
	if diff := cmp.Diff([]string{`{"message":"one"}`, `{"message":"two"}`, "3"}, got); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	line := []byte(`{"log":"x","stream":"stdout","kubernetes":{"pod":{"name":"p"}},"tags":["a","b"]}`)
	var w jsonwalk.Walker
	n := testing.AllocsPerRun(100, func() {
		for c := jsonwalk.Open(line); c.Next(); {
			continue
		}
		w.Reset(line)
		for w.Next() {
			continue
		}
	})
	if n != 0 {
		t.Errorf("%v allocations a line, want 0", n)
	}
}
