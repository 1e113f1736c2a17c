package text

import (
	"bytes"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// vhostCombined has the virtual host in front: Apache's vhost_combined, %v:%p %h %l %u %t "%r" %>s %O "%{Referer}i"
// "%{User-Agent}i", and the many nginx formats that begin with $host and go on as common, combined or main. Behind a
// host with a port the size is %O, with headers, as Apache's example and Debian have it; else it is the body's.
type vhostCombined struct{ clf }

func vhostCombinedDefinition() format.Definition {
	return format.Definition{
		Name:  "vhost-combined",
		About: "Apache httpd's vhost_combined, and common, combined or main lines of nginx with the host in front.",
		New:   func() format.Parser { return new(vhostCombined) },
	}
}

// Parse implements format.Parser.
func (p *vhostCombined) Parse(line []byte, e *event.Event) error {
	p.Begin(line)
	withPort := p.virtualHost(e)
	p.head(e)
	size := p.Word()
	if v, ok := p.Number(size); ok && withPort {
		e.SetBytesOut(v)
	} else {
		p.CLFBytes(e, size)
	}
	if len(p.Rest) > 0 {
		p.agent(e)
	}
	if len(p.Rest) > 0 {
		p.Forwarded(e, p.Quoted())
	}
	return p.End()
}

// virtualHost reads the name in front and tells whether it has a port. The port is dropped: it is the server's own.
func (p *vhostCombined) virtualHost(e *event.Event) bool {
	b := p.Word()
	host := b
	i := bytes.LastIndexByte(b, ':')
	if i >= 0 {
		if _, ok := lex.Int(b[i+1:]); !ok {
			p.Fail(format.BadSyntax)
			return false
		}
		host = b[:i]
	}
	_, isAddr := lex.Addr(host)
	if !lex.Host(host) && (i < 0 || !isAddr) || startsWithDash(p.Rest) {
		p.Fail(format.BadSyntax)
		return false
	}
	e.Host = lex.String(host)
	return i >= 0
}

// startsWithDash tells a line of the family without a virtual host: its second field is the ident, which is a dash.
func startsWithDash(b []byte) bool { return len(b) > 1 && b[0] == '-' && b[1] == ' ' }
