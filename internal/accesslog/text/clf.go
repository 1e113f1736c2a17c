package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/accesslog/text/scan"
	"gatewatch/internal/event"
)

const (
	clfNobody = " - - [" // between address and time, where there is neither ident nor user: nearly always
	clfTime   = len("02/Jan/2006:15:04:05 -0700")
)

// clf reads what the formats of the common-log family share.
type clf struct{ scan.Scanner }

// head reads what the formats of the common-log family begin with, %h %l %u %t "%r" %>s, and the space behind it.
func (s *clf) head(e *event.Event) {
	s.client(e)
	s.bracketTime(e)
	s.Request(e, s.requestField())
	s.StatusWord(e)
}

// client reads address, ident and user, up to behind the opening bracket of the time.
func (s *clf) client(e *event.Event) {
	b := s.Rest
	a, i, ok := lex.AddrPrefix(b)
	switch {
	case i == 0:
		s.Fail(format.BadSyntax)
		return
	case i == len(b):
		s.Fail(format.Truncated)
		return
	case ok:
		scan.SetPeer(e, a)
	default:
		i = s.oddClient(e, b, i)
	}
	if len(b) >= i+len(clfNobody) && string(b[i:i+len(clfNobody)]) == clfNobody {
		s.Rest = b[i+len(clfNobody):]
		return
	}
	if s.Fault == format.ReasonNone {
		s.user(e, b[i+1:])
	}
}

// oddClient reads a client that is no address but a name or, as many have it who log behind a proxy, X-Forwarded-For
// with or without the address behind it; it returns where it ends.
func (s *clf) oddClient(e *event.Event, b []byte, i int) int {
	end := bytes.Index(b, []byte(" - "))
	if end < i || b[i-1] != ',' && b[0] != '"' {
		s.Peer(e, b[:i])
		return i
	}
	last := bytes.LastIndexByte(b[:end], ' ')
	a, ok := lex.Addr(b[last+1 : end])
	if !ok {
		s.Fail(format.BadAddress)
		return i
	}
	scan.SetPeer(e, a)
	list := b[:end]
	if b[last-1] != ',' {
		list = bytes.Trim(b[:last], `"`)
	}
	s.Forwarded(e, list)
	return end
}

// user reads ident and user where they are not both absent. A user may hold spaces and brackets, so the time is sought
// from behind: by the quote that follows it, which no user can smuggle in because servers escape it.
func (s *clf) user(e *event.Event, b []byte) {
	before, _, _ := bytes.Cut(b, []byte(`] "`))
	bracket := bytes.LastIndex(before, []byte(" ["))
	ident, user, found := bytes.Cut(b[:max(bracket, 0)], []byte(" "))
	if len(ident) == 0 || !found && string(ident) != "-" { // some leave one of the two out
		s.Fail(format.BadSyntax)
		return
	}
	if _, isAddr := lex.Addr(ident); isAddr && !e.Client.IsValid() { // a virtual host stands in front
		s.Fail(format.BadSyntax)
		return
	}
	s.Rest = b[bracket+2:]
	if string(ident) == "-" {
		user = s.requestID(e, user)
	} else if bytes.IndexByte(user, ' ') >= 0 { // fields of some other format
		s.Fail(format.BadSyntax)
		return
	}
	s.Unmapped(e, "ident", ident)
	e.Principal = s.Text(user)
}

// requestID takes off the id that some proxies log in front of the user, "id - user", and returns the user.
func (s *clf) requestID(e *event.Event, user []byte) []byte {
	id, rest, found := bytes.Cut(user, []byte(" "))
	if !found || len(rest) == 0 || rest[0] != '-' || len(rest) > 1 && rest[1] != ' ' {
		return user
	}
	e.RequestID = s.Text(id)
	return rest[min(2, len(rest)):]
}

// bracketTime reads the time, the bracket that closes it and the quote that opens the request line.
func (s *clf) bracketTime(e *event.Event) {
	b := s.Rest
	n := clfTime
	if len(b) <= n || b[n] != ']' {
		if n = bytes.IndexByte(b, ']'); n < 0 {
			s.Fail(format.Truncated)
			return
		}
	}
	if s.Rest = b[n+1:]; len(s.Rest) > 1 && s.Rest[0] == ' ' && s.Rest[1] == '"' {
		s.Rest = s.Rest[2:]
	} else {
		s.Literal(` "`)
	}
	s.CLFTime(e, b[:n])
}

// requestField reads the request line behind its opening quote, the quote that closes it and a space. That quote is the
// one with a status behind it.
func (s *clf) requestField() []byte {
	b := s.Rest
	if i := bytes.IndexByte(b, '"'); i >= 0 && !s.Escaped && i+2 < len(b) && b[i+1] == ' ' && b[i+2]-'0' <= 9 {
		s.Rest = b[i+2:]
		return b[:i]
	}
	for from := 0; ; {
		i := s.Closing(b[from:])
		if i < 0 {
			s.Fail(format.Truncated)
			return nil
		}
		i += from
		from = i + 1
		if i+2 < len(b) && (b[i+2]-'0' <= 9 || b[i+2] == '-') {
			s.Rest = b[i+2:]
			return b[:i]
		}
	}
}

// agent reads "%{Referer}i" "%{User-Agent}i" and the space behind them.
func (s *clf) agent(e *event.Event) {
	e.Referrer = s.Text(s.Value())
	e.UserAgent = s.Text(s.Quoted())
}
