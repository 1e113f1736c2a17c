package event

import (
	"net/netip"
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendJSON appends the canonical JSON object (schemas/event/v1/event.schema.json): absent fields are left out, invalid
// UTF-8 becomes U+FFFD, and control characters are escaped. It does not allocate beyond growing b.
func (e *Event) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	if e.Time != 0 {
		b = append(appendName(b, "timestamp"), '"')
		b = append(e.When().AppendFormat(b, time.RFC3339Nano), '"')
	}
	if e.Origin != (Origin{}) {
		b = append(e.Origin.ID().Append(append(appendName(b, "event_id"), '"')), '"')
	}
	for _, f := range texts[:request] {
		b = appendMember(b, f.name, *e.text(f.number))
	}
	b = e.appendJSONNumbers(b)
	b = appendJSONAddr(b, "client_ip", e.Client)
	b = appendJSONAddr(b, "peer_ip", e.Peer)
	for _, f := range texts[request:] {
		b = appendMember(b, f.name, *e.text(f.number))
	}
	if len(e.Unmapped) > 0 {
		b = append(appendName(b, "unmapped"), '{')
		for _, p := range e.Unmapped {
			b = append(AppendJSONString(appendComma(b), p.Key), ':')
			b = AppendJSONString(b, p.Value)
		}
		b = append(b, '}')
	}
	return append(b, '}')
}

func (e *Event) appendJSONNumbers(b []byte) []byte {
	for _, f := range [...]struct {
		field Fields
		name  string
		value int64
	}{
		{FieldStatus, "status", int64(e.Status)},
		{FieldBytesIn, "bytes_in", e.BytesIn},
		{FieldBytesOut, "bytes_out", e.BytesOut},
		{FieldBodyBytesOut, "body_bytes_out", e.BodyBytesOut},
		{FieldDuration, "duration_us", e.DurationUS},
		{FieldUpstream, "upstream_us", e.UpstreamUS},
		{FieldASN, "asn", int64(e.ASN)},
	} {
		if e.Has(f.field) {
			b = strconv.AppendInt(appendName(b, f.name), f.value, 10)
		}
	}
	return b
}

func appendJSONAddr(b []byte, name string, a netip.Addr) []byte {
	if !a.IsValid() {
		return b
	}
	b = append(appendName(b, name), '"')
	return append(a.WithZone("").AppendTo(b), '"')
}

// appendComma parts a member from the one before; only the first follows a brace.
func appendComma(b []byte) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return b
}

func appendName(b []byte, name string) []byte {
	b = append(appendComma(b), '"')
	return append(append(b, name...), '"', ':')
}

func appendMember(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return AppendJSONString(appendName(b, name), value)
}

// AppendJSONString appends s as a JSON string: quotes, backslashes, control characters, and the line separators that
// break JavaScript are escaped, invalid UTF-8 becomes U+FFFD.
func AppendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < 0x7f {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			b = appendEscape(append(b, s[start:i]...), c)
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b = append(append(b, s[start:i]...), `\ufffd`...)
			start = i + n
		case r == '\u2028' || r == '\u2029':
			b = append(append(b, s[start:i]...), `\u202`...)
			b = append(b, hexDigits[r&0xf])
			start = i + n
		}
		i += n
	}
	return append(append(b, s[start:]...), '"')
}

const hexDigits = "0123456789abcdef"

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	default:
		return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
	}
}
