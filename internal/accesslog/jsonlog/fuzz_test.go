package jsonlog

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/record"
	"gatewatch/internal/event"
)

// hostile are records that have broken JSON readers, each with the keys of some format around it.
var hostile = []string{
	`{"a":"\ud800"}`, `{"a":"\udc00\ud800"}`, `{"\ud83d":1}`, "{\"a\":\"\xff\xfe\"}", "{\"\xc3\":1}",
	`{"a":NaN}`, `{"a":1e999}`, `{"a":-0}`, `{"a":123456789012345678901234567890}`, `{"a":1E-400}`,
	`{"a":` + strings.Repeat(`[`, 1000), strings.Repeat(`{"a":`, 1000), strings.Repeat(`{"a":`, 32) + `1` + strings.Repeat(`}`, 32),
	`{"status":200,"status":{"code":1},"status":"404"}`, `{"remote_addr":["192.0.2.1","x"],"request":[[]],"status":[200]}`,
	`{"request":{"headers":{"User-Agent":[],"Authorization":[null],"Cookie":"sid=;;=;x"}}}`,
	`{"time":"9999-12-31T23:59:59Z"}`, `{"msec":99999999999999999999}`, `{"msec":1970}`, `{"time":"0000-00-00T00:00:00Z"}`,
	`{"request_time":"0.1,0.2,:,-"}`, `{"duration":"1m2m3h"}`, `{"duration":"..s"}`, `{"duration":"1e"}`,
}

func FuzzParse(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s.line))
		for _, h := range hostile {
			f.Add([]byte(strings.TrimSuffix(s.line, "}") + "," + strings.TrimPrefix(h, "{")))
		}
	}
	custom, err := CompileMap("custom", map[string]string{
		"timestamp": "t", "client_ip": "c", "request": "r", "duration_us": "d", "cookies": "k", "status": "s",
	}, map[string]string{"duration_us": "text"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"t":1795357800,"c":"192.0.2.1","r":"GET / HTTP/1.1","d":"3ms","k":"sid=1","s":200}`))
	definitions := append(Definitions(), custom)
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, d := range definitions {
			p := d.New()
			first, firstErr := fuzzParse(t, p, line)
			again, againErr := fuzzParse(t, p, line)
			if !errors.Is(firstErr, againErr) {
				t.Fatalf("%s: Parse(%q) = %v, a second time %v", d.Name, line, firstErr, againErr)
			}
			if diff := cmp.Diff(first, again, compareAddr); firstErr == nil && diff != "" {
				t.Fatalf("%s: Parse(%q) (-first +second):\n%s", d.Name, line, diff)
			}
		}
	})
}

// fuzzParse checks what must hold of every event, and gives a copy of it.
func fuzzParse(t *testing.T, p format.Parser, line []byte) (event.Event, error) {
	t.Helper()
	var e event.Event
	err := p.Parse(line, &e)
	var reason format.Reason
	if err != nil && !errors.As(err, &reason) {
		t.Fatalf("Parse(%q) = %v, which is no reason", line, err)
	}
	if err != nil {
		return e, err
	}
	if !e.Client.IsValid() && e.ClientHost == "" {
		t.Fatalf("Parse(%q): no client", line)
	}
	if e.Status != 0 && (e.Status < 100 || e.Status > 999) {
		t.Fatalf("Parse(%q): status %d", line, e.Status)
	}
	if e.BytesIn < 0 || e.BytesOut < 0 || e.BodyBytesOut < 0 || e.DurationUS < 0 || e.UpstreamUS < 0 {
		t.Fatalf("Parse(%q): a negative number in %+v", line, e)
	}
	if len(e.Unmapped) > record.MaxUnmapped {
		t.Fatalf("Parse(%q): %d unmapped fields", line, len(e.Unmapped))
	}
	return e.Clone(1 << 20), nil
}

// FuzzMemory parses three records by one parser: the last must come out as by a fresh one.
func FuzzMemory(f *testing.F) {
	for i, s := range samples {
		f.Add([]byte(s.line), []byte(samples[(i+1)%len(samples)].line), []byte(s.line))
		f.Add([]byte(s.line), []byte(s.line[:len(s.line)/2]+s.line[len(s.line)/2+1:]), []byte(strings.Replace(s.line, `":"`, `":["`, 1)))
	}
	definitions := Definitions()
	f.Fuzz(func(t *testing.T, a, b, last []byte) {
		for _, d := range definitions {
			long := d.New()
			for _, line := range [][]byte{a, b} {
				_, _ = fuzzParse(t, long, line)
			}
			got, gotErr := fuzzParse(t, long, last)
			want, wantErr := fuzzParse(t, d.New(), last)
			if !errors.Is(gotErr, wantErr) {
				t.Fatalf("%s: Parse(%q) = %v, by a fresh parser %v", d.Name, last, gotErr, wantErr)
			}
			if diff := cmp.Diff(want, got, compareAddr); gotErr == nil && diff != "" {
				t.Fatalf("%s: Parse(%q) (-fresh +long-lived):\n%s", d.Name, last, diff)
			}
		}
	})
}

// FuzzRecognise: a recognised line is read by the parser of its format or refused for what it holds, never as unknown.
func FuzzRecognise(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s.line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		d, ok := recognise(line)
		if !ok {
			return
		}
		if _, err := fuzzParse(t, d.New(), line); errors.Is(err, format.UnknownFormat) || errors.Is(err, format.BadSyntax) {
			t.Errorf("recognise(%q) = %s, whose parser says %v", line, d.Name, err)
		}
	})
}
