package record

import (
	"bytes"
	"math"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// convert reads the value of a column that takes more than its text.
func (p *parser) convert(o *op, raw []byte) format.Reason {
	e := p.event
	switch o.to {
	case Timestamp, StartTime, EndTime:
		return p.setTime(o, raw)
	case ClientIP, PeerIP:
		return p.setAddr(o.to, raw)
	case Status:
		v, ok := whole(raw)
		if !ok || v > 999 || v != 0 && v < 100 {
			return format.BadStatus
		}
		e.SetStatus(v)
	case BytesIn, BytesOut, BodyBytesOut, ASN:
		return p.setNumber(o.to, raw)
	case Duration, Upstream, DurationPart, UpstreamPart:
		return p.setDuration(o, raw)
	case Target:
		setTarget(e, raw)
	case SecretCredential:
		if !isRedacted(raw) {
			e.Credential = lex.String(raw)
		}
	case SecretSession:
		if !isRedacted(raw) {
			e.Session = lex.String(raw)
		}
	case Expected:
		if !bytes.HasPrefix(raw, []byte(p.table.Rules[o.rule].Want)) {
			return format.SkipLine
		}
	default:
		p.setRequest(o.to, raw)
	}
	return format.ReasonNone
}

func (p *parser) setNumber(to Column, raw []byte) format.Reason {
	v, ok := whole(raw)
	if !ok || to == ASN && v > math.MaxUint32 {
		return format.BadNumber
	}
	switch to {
	case BytesIn:
		p.event.SetBytesIn(v)
	case BytesOut:
		p.event.SetBytesOut(v)
	case BodyBytesOut:
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

func (p *parser) setDuration(o *op, raw []byte) format.Reason {
	if raw[0] == '-' && (o.in == MillisOrUnset || o.to == DurationPart || o.to == UpstreamPart) {
		return format.ReasonNone
	}
	us, ok := microseconds(raw, o.in)
	if !ok {
		return format.BadNumber
	}
	if us < 0 { // a list of nothing
		return format.ReasonNone
	}
	switch o.to {
	case Upstream:
		p.event.SetUpstream(us)
		return format.ReasonNone
	case UpstreamPart:
		p.event.SetUpstream(us)
	case Duration:
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
func (p *parser) setAddr(to Column, raw []byte) format.Reason {
	e := p.event
	addr, ok := lex.AddrPort(raw)
	switch {
	case ok && to == PeerIP:
		e.Peer = addr
	case ok:
		e.Client = addr
	case to == ClientIP && lex.Host(raw):
		e.ClientHost = lex.String(raw)
	default:
		return format.BadAddress
	}
	return format.ReasonNone
}

// complete mends and checks the event once all rules have run.
func (p *parser) complete() format.Reason {
	e := p.event
	if p.table.Finish != nil {
		p.table.Finish(e)
	}
	p.completeTimes()
	if !p.timed {
		return format.BadTime
	}
	if !e.Peer.IsValid() && !e.Client.IsValid() && e.ClientHost == "" {
		// No peer in the log: the last hop of X-Forwarded-For is what the writer itself saw and appended.
		e.Peer = LastHop(e.XFF)
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
		return withoutRequest(e)
	}
	return format.ReasonNone
}

// withoutRequest judges a record of which only the answer is known. A gateway that answered had a client that sent
// something it could not read, or nothing in time; one that did not passed on a TCP connection.
func withoutRequest(e *event.Event) format.Reason {
	switch {
	case e.Status != 0:
		return format.ReasonNone
	case e.Has(event.FieldStatus):
		return format.SkipLine
	default:
		return format.MissingField
	}
}
