package envelope

import (
	"net/netip"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/jsonwalk"
	"gatewatch/internal/accesslog/lex"
	"gatewatch/internal/event"
)

// maxAttributes bounds how many attributes without a field of their own an event keeps.
const maxAttributes = 256

// request makes an event of a record whose attributes describe a request in the semantic conventions for HTTP; false
// when they do not, and nothing was handed in.
func (l *level) request(r *logRecord, raw []byte, in Inside) bool {
	if r.attributes.Kind != jsonwalk.Array || !describesRequest(r.attributes.Raw) {
		return false
	}
	e := &l.event
	e.Reset()
	e.Time = r.time
	reason := format.ReasonNone
	for c := jsonwalk.Open(r.attributes.Raw); c.Next(); {
		key := member(c.Value().Raw, "key")
		value := scalar(member(c.Value().Raw, "value"))
		if value.Kind == jsonwalk.None {
			continue
		}
		if fault := l.attribute(e, key.Text(&l.scratch), value.Text(&l.scratch)); fault != format.ReasonNone {
			reason = fault
		}
	}
	reason = complete(e, reason)
	r.context.Fill(e)
	in.Event(e, reason, raw)
	return true
}

// complete adds what follows from the attributes, and tells what is missing or was wrong with them.
func complete(e *event.Event, reason format.Reason) format.Reason {
	if !e.Peer.IsValid() {
		e.Peer = e.Client
	}
	if !e.Client.IsValid() && e.ClientHost == "" {
		e.Client = e.Peer
	}
	switch {
	case reason != format.ReasonNone:
		return reason
	case e.Time == 0:
		return format.BadTime
	case !e.Client.IsValid() && e.ClientHost == "":
		return format.MissingField
	default:
		return format.ReasonNone
	}
}

func describesRequest(attributes []byte) bool {
	var r requestKeys
	for c := jsonwalk.Open(attributes); c.Next(); {
		r.see(lex.String(member(c.Value().Raw, "key").Raw))
	}
	return r.complete()
}

// requestKeys tells a request by its method and its path or route, by the names of today and of before 2023.
type requestKeys struct{ method, path bool }

func (r *requestKeys) see(key string) {
	switch key {
	case "http.request.method", "http.method":
		r.method = true
	case "url.path", "url.full", "http.target", "http.url", "http.route":
		r.path = true
	}
}

func (r *requestKeys) complete() bool { return r.method && r.path }

// scalar is the value of an attribute; of a list, which headers are, the first element.
func scalar(v jsonwalk.Value) jsonwalk.Value {
	kind, value := anyValue(v)
	if kind != "arrayValue" {
		return value
	}
	c := jsonwalk.Open(member(value.Raw, "values").Raw)
	if !c.Next() {
		return jsonwalk.Value{}
	}
	_, value = anyValue(c.Value())
	return value
}

// attribute sets one field of the event.
func (l *level) attribute(e *event.Event, key, value string) format.Reason {
	if value == "" {
		return format.ReasonNone
	}
	if p := attributeText(e, key); p != nil {
		*p = value
		return format.ReasonNone
	}
	switch key {
	case "url.full", "http.url", "http.target", "url.path":
		setTarget(e, value)
	case "client.address", "http.client_ip":
		return setAddress(e, &e.Client, value)
	case "network.peer.address", "net.sock.peer.addr", "net.peer.ip":
		return setAddress(e, &e.Peer, value)
	case "http.response.status_code", "http.status_code":
		return setStatus(e, value)
	case "http.request.size", "http.request_content_length":
		return setNumber(value, 1, e.SetBytesIn)
	case "http.response.size":
		return setNumber(value, 1, e.SetBytesOut)
	case "http.response.body.size", "http.response_content_length":
		return setNumber(value, 1, e.SetBodyBytesOut)
	case "http.server.request.duration": // seconds
		return setNumber(value, 1e6, e.SetDuration)
	default:
		if len(e.Unmapped) < maxAttributes {
			e.Unmapped = append(e.Unmapped, event.Pair{Key: key, Value: value})
		}
	}
	return format.ReasonNone
}

// attributeText is the text field that an attribute goes to unchanged, nil for none.
func attributeText(e *event.Event, key string) *string {
	switch key {
	case "http.request.method_original", "http.method":
		return &e.Method
	case "http.request.method":
		if e.Method == "" { // the original one, if there is one, is what was sent
			return &e.Method
		}
		return new(string)
	case "url.scheme", "http.scheme":
		return &e.Scheme
	case "server.address", "http.host", "http.request.header.host":
		return &e.Host
	case "url.query":
		return &e.Query
	case "http.route":
		return &e.Route
	case "user_agent.original", "http.user_agent", "http.request.header.user-agent":
		return &e.UserAgent
	case "http.request.header.referer":
		return &e.Referrer
	case "http.request.header.x-forwarded-for", "http.request.header.forwarded":
		return &e.XFF
	case "http.request.header.x-request-id", "http.request.id":
		return &e.RequestID
	case "http.request.header.authorization":
		return &e.Credential
	case "network.protocol.version", "http.flavor":
		return &e.HTTPVersion
	case "user.id", "user.name", "enduser.id":
		return &e.Principal
	case "session.id":
		return &e.Session
	case "tls.protocol.version":
		return &e.TLSVersion
	case "tls.client.server_name":
		return &e.SNI
	case "service.name":
		return &e.Service
	default:
		return nil
	}
}

func setTarget(e *event.Event, value string) {
	t := lex.SplitTarget(bytesOf(e.Method), bytesOf(value))
	for _, part := range [...]struct {
		to   *string
		from []byte
	}{{&e.Scheme, t.Scheme}, {&e.Host, t.Host}, {&e.Path, t.Path}, {&e.Query, t.Query}} {
		if len(part.from) > 0 {
			*part.to = lex.String(part.from)
		}
	}
}

func setAddress(e *event.Event, to *netip.Addr, value string) format.Reason {
	a, ok := lex.AddrPort(bytesOf(value))
	switch {
	case ok:
		*to = a
	case lex.Host(bytesOf(value)):
		e.ClientHost = value
	default:
		return format.BadAddress
	}
	return format.ReasonNone
}

func setStatus(e *event.Event, value string) format.Reason {
	v, ok := lex.Int(bytesOf(value))
	if !ok || v != 0 && (v < 100 || v > 999) {
		return format.BadStatus
	}
	e.SetStatus(v)
	return format.ReasonNone
}

func setNumber(value string, scale int64, set func(int64)) format.Reason {
	v, ok := lex.Decimal(bytesOf(value), scale)
	if !ok {
		return format.BadNumber
	}
	set(v)
	return format.ReasonNone
}
