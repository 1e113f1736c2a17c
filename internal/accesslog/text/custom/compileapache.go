package custom

import (
	"errors"
	"fmt"
	"strings"

	"gatewatch/internal/accesslog/text/scan"

	"gatewatch/internal/accesslog/format"
)

var (
	errDirective  = errors.New("no such directive")
	errTimeFormat = errors.New("this notation of time is not supported")
)

// CompileApache makes a format of an Apache httpd LogFormat, the string as it stands in the configuration without the
// quotes around it. Directives that the event has no place for are kept under their names.
func CompileApache(name, logFormat string) (format.Definition, error) {
	l, err := apacheLayout(logFormat)
	if err != nil {
		return format.Definition{}, fmt.Errorf("compiling Apache LogFormat %q: %w", name, err)
	}
	return l.definition(name, "A custom LogFormat of Apache httpd."), nil
}

var apacheEscapes = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\t`, "\t", `\n`, "\n")

func apacheLayout(logFormat string) (*layout, error) {
	var b builder
	for rest := logFormat; rest != ""; {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			b.text(apacheEscapes.Replace(rest))
			break
		}
		b.text(apacheEscapes.Replace(rest[:i]))
		at := len(logFormat) - len(rest) + i + 1
		d, n := readDirective(rest[i:])
		if err := d.add(&b); err != nil {
			return nil, fmt.Errorf("directive %s at position %d: %w", rest[i:i+n], at, err)
		}
		rest = rest[i+n:]
	}
	return b.finish()
}

// directive is %{param}letter without its modifiers.
type directive struct {
	letter string // "h", "^ti"; "" when there is none
	param  string
}

// readDirective reads a directive and tells how long it is. Modifiers, conditions on the status and < or >, decide what
// is logged, not how.
func readDirective(s string) (d directive, n int) {
	n = 1
	for n < len(s) && strings.IndexByte("<>!,0123456789", s[n]) >= 0 {
		n++
	}
	if n < len(s) && s[n] == '{' {
		end := strings.IndexByte(s[n:], '}')
		if end < 0 {
			return directive{}, len(s)
		}
		d.param = s[n+1 : n+end]
		n += end + 1
	}
	width := 1
	if n < len(s) && s[n] == '^' {
		width = len("^ti")
	}
	end := min(n+width, len(s))
	d.letter = s[n:end]
	return d, end
}

func (d directive) add(b *builder) error {
	switch d.letter {
	case "%":
		b.text("%")
		return nil
	case "t":
		return d.addTime(b)
	case "i", "o", "e", "n", "x", "C", "^ti", "^to":
		return b.field(d.named())
	case "T":
		p, ok := apacheUnits[d.param]
		if !ok {
			return errDirective
		}
		return b.field("T", p)
	}
	key, ok := apacheKeys[d.letter]
	if !ok {
		return errDirective
	}
	p := apachePlaces[d.letter]
	p.spare = p.spare || d.param == "c" // %{c}a is the connection's address where %a may be a forwarded one
	return b.field(key, p)
}

// named is the key and the place of a header or a variable.
func (d directive) named() (string, place) {
	key := strings.ToLower(d.param)
	switch d.letter {
	case "i":
		return key, apacheHeaders[key]
	case "o", "^to":
		if key == "set-cookie" {
			return key, place{}
		}
		return "response_" + key, place{}
	case "C":
		return "cookie", place{}
	case "e", "n", "x":
		return d.param, apacheVariables[d.param]
	default:
		return key, place{}
	}
}

// addTime adds %t, which brings its own brackets, or one of its notations that say date, time and zone at once.
func (d directive) addTime(b *builder) error {
	param := strings.TrimPrefix(strings.TrimPrefix(d.param, "begin:"), "end:")
	param = strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S").Replace(param)
	switch param {
	case "":
		b.text("[")
		err := b.field("t", place{to: scan.TimeCLF})
		b.text("]")
		return err
	case "sec":
		return b.field("t", place{to: scan.EpochS})
	case "msec":
		return b.field("t", place{to: scan.EpochMS})
	case "usec":
		return b.field("t", place{to: scan.EpochUS})
	case "%d/%b/%Y:%H:%M:%S %z", "%d/%b/%Y:%H:%M:%S":
		return b.field("t", place{to: scan.TimeCLF})
	case "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ":
		return b.field("t", place{to: scan.TimeISO})
	default:
		return errTimeFormat
	}
}

var apacheKeys = map[string]string{
	"a": "client", "A": "local_address", "b": "bytes", "B": "bytes", "D": "duration", "f": "file", "h": "client",
	"H": "protocol", "I": "bytes_in", "k": "keepalive_requests", "l": "ident", "L": "log_id", "m": "method", "O": "bytes_out",
	"p": "port", "P": "pid", "q": "query", "r": "request", "R": "handler", "s": "status", "S": "bytes_total", "u": "user",
	"U": "path", "v": "virtual_host", "V": "server_name", "X": "connection_status",
}

var apachePlaces = map[string]place{
	"a": {to: scan.Peer},
	"h": {to: scan.Peer},
	"b": {to: scan.BodyCLF},
	"B": {to: scan.Body},
	"D": {to: scan.TookUS},
	"H": {to: scan.Protocol},
	"I": {to: scan.BytesIn},
	"m": {to: scan.Method},
	"O": {to: scan.BytesOut},
	"q": {to: scan.Args},
	"r": {to: scan.Request},
	"s": {to: scan.Status},
	"u": {to: scan.Principal},
	"U": {to: scan.Path},
	"v": {to: scan.Host, spare: true},
	"V": {to: scan.Host, spare: true},
}

var apacheUnits = map[string]place{
	"": {to: scan.TookS}, "s": {to: scan.TookS}, "ms": {to: scan.TookMS}, "us": {to: scan.TookUS},
}

var apacheHeaders = map[string]place{
	"user-agent":      {to: scan.UserAgent},
	"referer":         {to: scan.Referrer},
	"x-forwarded-for": {to: scan.XFF},
	"host":            {to: scan.Host},
	"x-request-id":    {to: scan.RequestID, spare: true},
}

var apacheVariables = map[string]place{
	"UNIQUE_ID":    {to: scan.RequestID},
	"SSL_PROTOCOL": {to: scan.TLSVersion},
	"SSL_TLS_SNI":  {to: scan.SNI},
}
