package lex

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequestLine(t *testing.T) {
	type parts struct{ Method, Target, Version string }
	tests := []struct {
		name, in string
		want     parts
	}{
		{"plain", "GET / HTTP/1.1", parts{"GET", "/", "1.1"}},
		{"version without minor", "GET /a HTTP/2", parts{"GET", "/a", "2"}},
		{"no minor versions from 2 on", "GET /a HTTP/2.0", parts{"GET", "/a", "2"}},
		{"no such version", "GET /a HTTP/x", parts{"GET", "/a HTTP/x", ""}},
		{"no version", "GET /a", parts{"GET", "/a", ""}},
		{"space in target", "GET /a b HTTP/1.0", parts{"GET", "/a b", "1.0"}},
		{"space in target, no version", "GET /a b", parts{"GET", "/a b", ""}},
		{"many spaces", "GET   /a   HTTP/1.0", parts{"GET", "/a", "1.0"}},
		{"asterisk", "OPTIONS * HTTP/1.1", parts{"OPTIONS", "*", "1.1"}},
		{"absolute", "GET http://example.com/ HTTP/1.1", parts{"GET", "http://example.com/", "1.1"}},
		{"connect", "CONNECT example.com:443 HTTP/1.1", parts{"CONNECT", "example.com:443", "1.1"}},
		{"relative target with version", "GET foo HTTP/1.1", parts{"GET", "foo", "1.1"}},
		{"no target", "GET HTTP/1.1", parts{"GET", "", "1.1"}},
		{"lower-case method", "get / HTTP/1.1", parts{"get", "/", "1.1"}},
		{"dash", "-", parts{}},
		{"dash for a method", "- http://example.com:80- -", parts{}},
		{"empty", "", parts{}},
		{"spaces", "   ", parts{}},
		{"method alone", "GET", parts{}},
		{"tls", "\x16\x03\x01\x02 \x01", parts{}},
		{"tls, escaped", `\x16\x03\x01\x02 /`, parts{}},
		{"rdp", "\x03\x00\x00/*\xe0 Cookie: mstshash=hello", parts{}},
		{"words", "hello big world", parts{}},
		{"strange version", "GET / HTTP/1.10", parts{"GET", "/ HTTP/1.10", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, target, v := RequestLine([]byte(tt.in))
			if diff := cmp.Diff(tt.want, parts{string(m), string(target), string(v)}); diff != "" {
				t.Errorf("RequestLine(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestSplitTarget(t *testing.T) {
	type parts struct{ Scheme, Host, Path, Query string }
	tests := []struct {
		name, method, in string
		want             parts
	}{
		{"path", "GET", "/a/b", parts{"", "", "/a/b", ""}},
		{"first question mark", "GET", "/a?b=/c?d", parts{"", "", "/a", "b=/c?d"}},
		{"encoding stays", "GET", "/%2e%2E?%41", parts{"", "", "/%2e%2E", "%41"}},
		{"absolute", "GET", "http://example.com:8080/a?b", parts{"http", "example.com:8080", "/a", "b"}},
		{"implied port", "GET", "https://example.com:443/", parts{"https", "example.com", "/", ""}},
		{"no path", "GET", "http://example.com", parts{"http", "example.com", "/", ""}},
		{"query behind host", "GET", "http://example.com?a", parts{"http", "example.com", "/", "a"}},
		{"password", "GET", "http://u:p@example.com/a@b", parts{"http", "example.com", "/a@b", ""}},
		{"url in path", "GET", "/http://example.com/", parts{"", "", "/http://example.com/", ""}},
		{"asterisk", "OPTIONS", "*", parts{"", "", "*", ""}},
		{"connect", "CONNECT", "example.com:443", parts{"", "example.com:443", "", ""}},
		{"relative", "GET", "a?b", parts{"", "", "a", "b"}},
		{"empty", "GET", "", parts{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := SplitTarget([]byte(tt.method), []byte(tt.in))
			shown := parts{string(got.Scheme), string(got.Host), string(got.Path), string(got.Query)}
			if diff := cmp.Diff(tt.want, shown); diff != "" {
				t.Errorf("SplitTarget(%q) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func FuzzRequestLine(f *testing.F) {
	f.Add([]byte("GET http://u@example.com:80/a?b HTTP/1.1"))
	f.Add([]byte("CONNECT example.com:443 HTTP/1.1"))
	f.Add([]byte("\x16\x03\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		method, target, version := RequestLine(b)
		if method == nil {
			if target != nil || version != nil {
				t.Errorf("RequestLine(%q) has parts but no method", b)
			}
			return
		}
		got := SplitTarget(method, target)
		for _, part := range [][]byte{method, target, version, got.Scheme, got.Host, got.Query} {
			if !bytes.Contains(b, part) {
				t.Errorf("RequestLine(%q) makes up %q", b, part)
			}
		}
		if len(got.Path)+len(got.Query)+len(got.Host)+len(got.Scheme) > len(target)+1 {
			t.Errorf("SplitTarget(%q) = %q is longer than its source", target, got)
		}
	})
}
