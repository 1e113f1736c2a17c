package event

// The field numbers of the protobuf schema, schemas/event/v1/event.proto. They never change and are never used again
// for something else.
const (
	numTime         = 1
	numOrigin       = 2
	numMethod       = 3
	numHost         = 4
	numPath         = 5
	numQuery        = 6
	numRoute        = 7
	numStatus       = 8
	numBytesOut     = 9
	numDuration     = 10
	numClient       = 11
	numUserAgent    = 12
	numReferrer     = 13
	numService      = 14
	numBodyBytesOut = 15
	numBytesIn      = 16
	numUpstream     = 17
	numASN          = 18
	numPeer         = 19
	numClientHost   = 20
	numXFF          = 21
	numScheme       = 22
	numHTTPVersion  = 23
	numRequestID    = 24
	numPrincipal    = 25
	numCredential   = 26
	numSession      = 27
	numTraceID      = 28
	numSpanID       = 29
	numTLSVersion   = 30
	numSNI          = 31
	numJA4          = 32
	numCountry      = 33
	numASOrg        = 34
	numRequestLine  = 35
	numUnmapped     = 36
)

// textField is a text field's name in JSON and its number in protobuf.
type textField struct {
	name   string
	number uint64
}

// texts are the text fields in the order of the canonical JSON: what was asked for first, then who asked and how.
var texts = [...]textField{
	{"method", numMethod},
	{"scheme", numScheme},
	{"host", numHost},
	{"path", numPath},
	{"query", numQuery},
	{"route", numRoute},
	{"client_host", numClientHost},
	{"xff", numXFF},
	{"user_agent", numUserAgent},
	{"referrer", numReferrer},
	{"http_version", numHTTPVersion},
	{"request_id", numRequestID},
	{"principal", numPrincipal},
	{"credential", numCredential},
	{"session", numSession},
	{"trace_id", numTraceID},
	{"span_id", numSpanID},
	{"as_org", numASOrg},
	{"country", numCountry},
	{"tls_version", numTLSVersion},
	{"sni", numSNI},
	{"ja4", numJA4},
	{"service", numService},
	{"request_line", numRequestLine},
}

// request is how many of texts say what was asked for.
const request = 6

// text is the text field of a number, nil when the number is another kind of field's. Field numbers and not an index
// select it, so that table and switch cannot drift.
func (e *Event) text(number uint64) *string {
	switch number {
	case numMethod:
		return &e.Method
	case numHost:
		return &e.Host
	case numPath:
		return &e.Path
	case numQuery:
		return &e.Query
	case numRoute:
		return &e.Route
	case numUserAgent:
		return &e.UserAgent
	case numReferrer:
		return &e.Referrer
	case numService:
		return &e.Service
	case numClientHost:
		return &e.ClientHost
	case numXFF:
		return &e.XFF
	case numScheme:
		return &e.Scheme
	case numHTTPVersion:
		return &e.HTTPVersion
	case numRequestID:
		return &e.RequestID
	case numPrincipal:
		return &e.Principal
	case numCredential:
		return &e.Credential
	case numSession:
		return &e.Session
	case numTraceID:
		return &e.TraceID
	case numSpanID:
		return &e.SpanID
	case numTLSVersion:
		return &e.TLSVersion
	case numSNI:
		return &e.SNI
	case numJA4:
		return &e.JA4
	case numCountry:
		return &e.Country
	case numASOrg:
		return &e.ASOrg
	case numRequestLine:
		return &e.RequestLine
	default:
		return nil
	}
}
