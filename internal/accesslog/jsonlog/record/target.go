package record

import (
	"bytes"
	"net/netip"
	"strings"

	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// setRequest fills what takes a request or one of its parts apart. None of these values can be wrong: a client may send
// anything, and what is no HTTP is kept as it is.
func (p *parser) setRequest(to Column, raw []byte) {
	e := p.event
	switch to {
	case Request:
		setRequestLine(e, raw)
	case Protocol:
		e.HTTPVersion = lex.String(version(raw))
	case RouteKey:
		setRouteKey(e, raw)
	case Traceparent:
		setTraceparent(e, raw)
	case Cookies:
		if s := sessionCookie(lex.String(raw)); s != "" {
			e.Session = s
		}
	case Country:
		e.Country = p.upper(raw)
	case PercentUserAgent:
		e.UserAgent = p.scratch.UnescapePercent(raw, false)
	case TLSNumber:
		e.TLSVersion = tlsName(raw)
	case HTTPS:
		if e.Scheme = "http"; string(raw) == "on" {
			e.Scheme = "https"
		}
	case DateText:
		p.date = raw
	case ClockText:
		p.clockText = raw
	default:
	}
}

// setRequestLine reads METHOD target HTTP/x. A line that is no HTTP becomes the event's RequestLine.
func setRequestLine(e *event.Event, raw []byte) {
	if raw[0] == '/' { // only the target was logged
		setTarget(e, raw)
		return
	}
	verb, uri, number := lex.RequestLine(raw)
	if verb == nil {
		e.RequestLine = lex.String(raw)
		return
	}
	e.Method, e.HTTPVersion = lex.String(verb), lex.String(number)
	setTarget(e, uri)
}

// setTarget takes a request target apart: a path with its query, or an absolute URL.
func setTarget(e *event.Event, raw []byte) {
	if len(raw) > 0 && raw[0] == '/' {
		before, after, ok := bytes.Cut(raw, []byte{'?'})
		e.Path = lex.String(before)
		if ok {
			e.Query = lex.String(after)
		}
		return
	}
	t := lex.SplitTarget(bytesOf(e.Method), raw)
	e.Path = lex.String(t.Path)
	if len(t.Query) > 0 {
		e.Query = lex.String(t.Query)
	}
	if t.Scheme != nil {
		e.Scheme = lex.String(t.Scheme)
	}
	if len(t.Host) > 0 {
		e.Host = lex.String(t.Host)
	}
}

// version is the number of a protocol: HTTP/1.1 is 1.1, h2 is 2.
func version(raw []byte) []byte {
	if v, ok := lex.Version(raw); ok {
		return v
	}
	if len(raw) >= 2 && raw[0]|0x20 == 'h' && raw[1]-'0' <= 9 {
		return raw[1:]
	}
	return raw
}

// setRouteKey reads "GET /pets/{id}" or "$default". ANY is no method.
func setRouteKey(e *event.Event, raw []byte) {
	verb, template, ok := bytes.Cut(raw, []byte{' '})
	if !ok {
		e.Route = lex.String(raw)
		return
	}
	e.Route = lex.String(template)
	if string(verb) != "ANY" {
		e.Method = lex.String(verb)
	}
}

// setTraceparent reads 00-<trace>-<span>-<flags>.
func setTraceparent(e *event.Event, raw []byte) {
	const trace, span = 32, 16
	if len(raw) < 3+trace+1+span || raw[2] != '-' || raw[3+trace] != '-' {
		return
	}
	e.TraceID = lex.String(raw[3 : 3+trace])
	e.SpanID = lex.String(raw[3+trace+1 : 3+trace+1+span])
}

// sessionCookie is the value of the first cookie whose name says that it holds a session; "" when there is none: a hash
// of all cookies would change with every counter and consent among them.
func sessionCookie(header string) string {
	for header != "" {
		var one string
		one, header, _ = strings.Cut(header, ";")
		name, value, ok := strings.Cut(strings.TrimSpace(one), "=")
		if ok && value != "" && namesSession(name) {
			return value
		}
	}
	return ""
}

func namesSession(name string) bool {
	if len(name) > 64 {
		return false
	}
	var buf [64]byte
	lower := buf[:copy(buf[:], name)]
	for i, c := range lower {
		if c-'A' < 26 {
			lower[i] = c | 0x20
		}
	}
	switch {
	case bytes.Contains(lower, []byte("sess")), bytes.HasSuffix(lower, []byte("sid")):
		return true
	default:
		return bytes.Contains(lower, []byte("auth")) || bytes.HasSuffix(lower, []byte("jwt"))
	}
}

// upper is a country code in upper case: Cloudflare writes lower case, everybody else upper.
func (p *parser) upper(code []byte) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if len(code) != 2 || code[0]-'a' > 25 || code[1]-'a' > 25 {
		return lex.String(code)
	}
	first := code[0] - 'a'
	return p.scratch.Concat(letters[first:first+1], letters[code[1]-'a'], "")
}

// tlsName is the name of a protocol version that was logged as its number: 772 is 0x0304.
func tlsName(raw []byte) string {
	switch string(raw) {
	case "769":
		return "TLSv1"
	case "770":
		return "TLSv1.1"
	case "771":
		return "TLSv1.2"
	case "772":
		return "TLSv1.3"
	default:
		return lex.String(raw)
	}
}

// LastHop is the last address of an X-Forwarded-For.
func LastHop(list string) netip.Addr {
	if n := strings.LastIndexByte(list, ','); n >= 0 {
		list = list[n+1:]
	}
	addr, _ := lex.AddrPort(bytesOf(strings.TrimSpace(list)))
	return addr
}
