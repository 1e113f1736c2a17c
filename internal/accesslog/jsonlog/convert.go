package jsonlog

import (
	"bytes"
	"math"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
)

// convert reads the value of a column that takes more than its text.
func (p *parser) convert(r *rule, raw []byte) format.Reason {
	switch r.to {
	case timestamp, startTime, endTime:
		return p.setTime(r, raw)
	case clientIP, peerIP, forwardedClient:
		return p.setAddr(r.to, raw)
	case status, bytesIn, bytesOut, bodyBytesOut, asn:
		return p.setNumber(r.to, raw)
	case duration, upstream, durationPart, upstreamPart:
		return p.setDuration(r, raw)
	case expected:
		if !bytes.HasPrefix(raw, []byte(r.want)) {
			return format.SkipLine
		}
	default:
		p.setRequest(r.to, raw)
	}
	return format.ReasonNone
}

func (p *parser) setNumber(to column, raw []byte) format.Reason {
	v, ok := whole(raw)
	if to == status {
		if !ok || v != 0 && (v < 100 || v > 999) {
			return format.BadStatus
		}
		p.event.SetStatus(v)
		return format.ReasonNone
	}
	if !ok || to == asn && v > math.MaxUint32 {
		return format.BadNumber
	}
	switch to {
	case bytesIn:
		p.event.SetBytesIn(v)
	case bytesOut:
		p.event.SetBytesOut(v)
	case bodyBytesOut:
		p.event.SetBodyBytesOut(v)
	default:
		p.event.SetASN(uint32(v))
	}
	return format.ReasonNone
}

// whole reads an integer. Some shippers make a float of it on the way: 200.0, 1.5e3.
func whole(raw []byte) (int64, bool) {
	if v, ok := lex.Int(raw); ok {
		return v, true
	}
	return lex.Decimal(raw, 1)
}

func (p *parser) setDuration(r *rule, raw []byte) format.Reason {
	if raw[0] == '-' && (r.in == millisOrUnset || r.to == durationPart || r.to == upstreamPart) {
		return format.ReasonNone
	}
	us, ok := microseconds(raw, r.in)
	if !ok {
		return format.BadNumber
	}
	if us < 0 { // a list of nothing
		return format.ReasonNone
	}
	switch r.to {
	case upstream:
		p.event.SetUpstream(us)
		return format.ReasonNone
	case upstreamPart:
		p.event.SetUpstream(us)
	case duration:
		p.event.SetDuration(us)
		return format.ReasonNone
	default:
	}
	sum := p.event.DurationUS + us
	if sum < us {
		return format.BadNumber
	}
	p.event.SetDuration(sum)
	return format.ReasonNone
}

// setAddr takes a name in the client's place for the client's name.
func (p *parser) setAddr(to column, raw []byte) format.Reason {
	e := p.event
	addr, ok := lex.AddrPort(raw)
	switch {
	case ok && to == peerIP:
		e.Peer = addr
	case ok:
		e.Client = addr
	case to == forwardedClient:
		e.XFF = lex.String(raw)
	case to == clientIP && lex.Host(raw):
		e.ClientHost = lex.String(raw)
	default:
		return format.BadAddress
	}
	return format.ReasonNone
}

// complete mends and checks the event once all rules have run.
func (p *parser) complete() format.Reason {
	e := p.event
	if p.table.finish != nil {
		p.table.finish(p, e)
	}
	if !p.timed {
		return format.BadTime
	}
	if !e.Peer.IsValid() && !e.Client.IsValid() && e.ClientHost == "" {
		// No peer in the log: the last hop of X-Forwarded-For is what the writer itself saw and appended.
		e.Peer = lastHop(e.XFF)
	}
	switch {
	case !e.Client.IsValid():
		e.Client = e.Peer
	case !e.Peer.IsValid():
		e.Peer = e.Client
	}
	if !e.Client.IsValid() && e.ClientHost == "" {
		return format.BadAddress
	}
	if e.Method == "" && e.Path == "" && e.Route == "" && e.RequestLine == "" {
		return format.MissingField
	}
	return format.ReasonNone
}
