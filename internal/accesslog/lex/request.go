package lex

import "bytes"

const maxMethod = 32 // the longest registered one, UPDATEREDIRECTREF, has 17 letters

// RequestLine takes a request line, METHOD target HTTP/version, apart. Only the number of the version is returned; it is
// empty where the line has none (HTTP/0.9 and gateways that leave it out). The method is nil where the line is no HTTP:
// TLS bytes, other protocols, garbage.
func RequestLine(b []byte) (method, target, version []byte) {
	i := methodLen(b)
	if i == 0 {
		return nil, nil, nil
	}
	method, target = b[:i], b[i+1:]
	const one = " HTTP/1.1" // or 1.0, or 2.0: the shape of nearly all
	j := len(b) - len(one)
	if j < i || string(b[j:j+len(" HTTP/")]) != " HTTP/" {
		j = bytes.LastIndexByte(b, ' ')
	}
	if v, ok := Version(b[j+1:]); ok {
		version, target = v, b[min(i+1, j):j]
	}
	if len(target) > 0 && (target[0] == ' ' || target[len(target)-1] == ' ') {
		target = bytes.Trim(target, " ")
	}
	if version == nil && !isTarget(method, target) {
		return nil, nil, nil
	}
	return method, target, version
}

// Version is the number of a protocol such as HTTP/1.1 or HTTP/2; false when b is no HTTP version. From 2 on there are
// no minor versions: 2.0 is 2.
func Version(b []byte) ([]byte, bool) {
	const name = "HTTP/"
	if len(b) <= len(name) || string(b[:len(name)]) != name || b[len(name)]-'0' > 9 {
		return nil, false
	}
	v := b[len(name):]
	switch {
	case len(v) == 1:
		return v, true
	case len(v) != 3 || v[1] != '.' || v[2]-'0' > 9:
		return nil, false
	case v[0] > '1' && v[2] == '0':
		return v[:1], true
	default:
		return v, true
	}
}

// Target is a request target or a URL taken apart. Nothing in it is decoded.
type Target struct {
	Scheme, Host, Path, Query []byte
}

// SplitTarget takes a request target or a URL apart: /path?query, scheme://host/path?query, * or, where the method is
// CONNECT, host:port. User information is dropped from the host, because it may hold a password, and so is the port
// that the scheme implies.
func SplitTarget(method, target []byte) Target {
	var t Target
	if len(target) == 0 {
		return t
	}
	if target[0] != '/' {
		if string(method) == "CONNECT" {
			return Target{Host: target}
		}
		if n := schemeLen(target); n > 0 {
			t.Scheme, target = target[:n], target[n+len("://"):]
			end := bytes.IndexAny(target, "/?")
			if end < 0 {
				end = len(target)
			}
			t.Host, target = hostOf(t.Scheme, target[:end]), target[end:]
		}
	}
	if q := bytes.IndexByte(target, '?'); q >= 0 {
		t.Query, target = target[q+1:], target[:q]
	}
	t.Path = target
	if len(target) == 0 && t.Scheme != nil {
		t.Path = rootPath
	}
	return t
}

var rootPath = []byte("/")

func hostOf(scheme, authority []byte) []byte {
	if at := bytes.LastIndexByte(authority, '@'); at >= 0 {
		authority = authority[at+1:]
	}
	switch string(scheme) {
	case "http", "ws":
		return bytes.TrimSuffix(authority, []byte(":80"))
	case "https", "wss", "h2", "grpcs":
		return bytes.TrimSuffix(authority, []byte(":443"))
	default:
		return authority
	}
}

// schemeLen is the length of the scheme in front of ://, or 0.
func schemeLen(b []byte) int {
	const longest = 12
	for i, c := range b[:min(len(b), longest)] {
		switch {
		case c|0x20-'a' < 26, i > 0 && (c-'0' <= 9 || c == '+' || c == '-' || c == '.'):
		case c == ':' && i > 0 && bytes.HasPrefix(b[i:], []byte("://")):
			return i
		default:
			return 0
		}
	}
	return 0
}

// isTarget tells whether what stands behind a method, without a version to prove that the line is HTTP, is a target.
func isTarget(method, target []byte) bool {
	if len(target) == 0 {
		return false
	}
	return target[0] == '/' || string(target) == "*" || string(method) == "CONNECT" || schemeLen(target) > 0
}

// methodLen is the length of the method in front of the first space, or 0 where that is no token of RFC 9110 that begins
// with a letter: gateways write - for a method they could not read.
func methodLen(b []byte) int {
	for i, c := range b[:min(len(b), maxMethod+1)] {
		switch {
		case c|0x20-'a' < 26:
		case c == ' ' || i == 0:
			return i
		case !isTokenMark(c):
			return 0
		}
	}
	return 0
}

func isTokenMark(c byte) bool {
	return c-'0' <= 9 || bytes.IndexByte([]byte("!#$%&'*+-.^_`|~"), c) >= 0
}
