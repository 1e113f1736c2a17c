package text_test

import (
	"bytes"
	"net/netip"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/event"
)

// FuzzParse feeds two lines to every format, custom ones too. Whatever they are: no panic, the line stays as it was, what
// is accepted makes sense, and a parser that has refused a line reads the next as if it had never seen it.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			first, second, _ := bytes.Cut(archive.Files[i].Data, []byte("\n"))
			f.Add(first, bytes.TrimSuffix(second, []byte("\n")))
		}
	}
	f.Add([]byte("#Fields: date time c-ip cs-uri cs(User-Agent)"), []byte(`2025-10-10 13:55:36 192.0.2.10 /a?b "x y"`))
	f.Add([]byte(`192.0.2.10 - - [10/Oct/2025:13:55:36 -0700] "\x16\x03\x01" 400 157 "-" "-"`), []byte(`"`))
	f.Add([]byte(`a, "b" 192.0.2.10 - x - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 400 157 "a"b" "c\"`), []byte(" - - "))
	definitions := text.Definitions(0)
	for _, compile := range []func() (format.Definition, error){
		func() (format.Definition, error) { return text.CompileNginx("n", nginxCombined) },
		func() (format.Definition, error) { return text.CompileApache("a", apacheCombined) },
		func() (format.Definition, error) {
			return text.CompileNginx("l", `$http_x_forwarded_for|$msec|$upstream_response_time $host$request_uri $request_method`)
		},
	} {
		d, err := compile()
		if err != nil {
			f.Fatal(err)
		}
		definitions = append(definitions, d)
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		for _, d := range definitions {
			p := d.New()
			_, _ = parseChecked(t, d.Name, p, first)
			got, err := parseChecked(t, d.Name, p, second)
			if bytes.HasPrefix(first, []byte("#")) || d.Name == "iis" || d.Name == "cloudfront" {
				continue // a header is there to be remembered, and so is a guess at one
			}
			want, errFresh := parseChecked(t, d.Name, d.New(), second)
			if err != errFresh { //nolint:errorlint // a Reason is compared as it is
				t.Errorf("%s: %q behind %q is %v, alone %v", d.Name, second, first, err, errFresh)
			}
			if !reflect.DeepEqual(want, got) { // cmp.Diff takes too long for a fuzzer
				t.Errorf("%s: %q behind %q (-alone +got):\n%s", d.Name, second, first, cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{})))
			}
		}
	})
}

func parseChecked(t *testing.T, name string, p format.Parser, line []byte) (event.Event, error) {
	t.Helper()
	before := bytes.Clone(line)
	var e event.Event
	err := p.Parse(line, &e)
	if !bytes.Equal(before, line) {
		t.Errorf("%s: Parse writes to %q", name, before)
	}
	if err != nil {
		r, ok := err.(format.Reason) //nolint:errorlint // a Reason is returned as it is
		if !ok || r == format.ReasonNone {
			t.Errorf("%s: Parse(%q) = %v, want a Reason", name, line, err)
		}
		return event.Event{}, err
	}
	if e.Status < 0 || e.Status > 999 || e.Status > 0 && e.Status < 100 {
		t.Errorf("%s: Parse(%q): status %d", name, line, e.Status)
	}
	if name != "envoy" && !e.Client.IsValid() && e.ClientHost == "" && e.XFF == "" {
		t.Errorf("%s: Parse(%q): nobody", name, line)
	}
	if e.Client != e.Peer {
		t.Errorf("%s: Parse(%q): client %v, peer %v", name, line, e.Client, e.Peer)
	}
	for _, v := range []int64{e.BytesIn, e.BytesOut, e.BodyBytesOut, e.DurationUS, e.UpstreamUS} {
		if v < 0 {
			t.Errorf("%s: Parse(%q): negative number %d", name, line, v)
		}
	}
	return e, nil
}

// FuzzCompile compiles formats out of nothing: an error or a parser, never a panic.
func FuzzCompile(f *testing.F) {
	f.Add(nginxCombined, []byte("x"))
	f.Add(apacheCombined, []byte("x"))
	f.Add("${", []byte(""))
	f.Add("%{", []byte(""))
	f.Add("%t%h", []byte("[]"))
	f.Add("$uri$is_args$args$msec$remote_addr", []byte("/?"))
	f.Fuzz(func(t *testing.T, layout string, line []byte) {
		for _, compile := range []func(string, string) (format.Definition, error){text.CompileNginx, text.CompileApache} {
			d, err := compile("fuzz", layout)
			if err != nil {
				continue
			}
			_, _ = parseChecked(t, "envoy", d.New(), line)
		}
	})
}
