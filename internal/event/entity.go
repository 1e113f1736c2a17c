package event

import (
	"encoding/binary"
	"net/netip"
	"strconv"
)

// Kind is a kind of entity: something that acts or is acted upon, and about which a detector remembers.
type Kind uint8

// The kinds of entity.
const (
	KindUnknown     Kind = iota
	KindNetwork          // an IPv4 address, an IPv6 /64, or a host name where the log has nothing better
	KindPrefix           // an IPv4 /24, an IPv6 /48
	KindPrincipal        // an authenticated user or API consumer
	KindCredential       // an API key or token, by its keyed hash
	KindSession          // a session, by its keyed hash
	KindFingerprint      // a TLS client fingerprint (JA4)
	KindASN              // an autonomous system
	KindEndpoint         // method, host and route template
	KindService          // what serves the request: the service, or else the host
	kinds
)

// Kinds is the number of kinds, KindUnknown included.
const Kinds = int(kinds)

var kindNames = [kinds]string{
	"unknown", "network", "prefix", "principal", "credential", "session", "fingerprint", "asn", "endpoint", "service",
}

// String is the kind's name in findings, metrics and the configuration.
func (k Kind) String() string {
	if k >= kinds {
		return kindNames[KindUnknown]
	}
	return kindNames[k]
}

// ParseKind is the kind of that name, KindUnknown when there is none.
func ParseKind(name string) Kind {
	for k, n := range kindNames {
		if n == name {
			return Kind(k)
		}
	}
	return KindUnknown
}

// Entity names one entity for people and for other programs.
type Entity struct {
	Kind  Kind
	Value string
}

// Network is the network entity of an address: an IPv4 address itself, an IPv6 /64, because one IPv6 host commonly owns
// a whole /64 (RFC 7934) and may change its address within it at will.
func Network(a netip.Addr) netip.Prefix { return widen(a, 32, 64) }

// AppendNetwork appends the name of the network entity of an address, as Entity has it; nothing for no address. It writes
// the /64 of IPv6 by itself, which is written for every event: half of it is zeros, the longest run of them there can
// be, so that only the first groups need spelling (RFC 5952, 4.2).
func AppendNetwork(b []byte, a netip.Addr) []byte {
	if !a.IsValid() {
		return b
	}
	if a = a.Unmap(); a.Is4() {
		return appendIPv4(b, a.As4())
	}
	raw := a.As16()
	hi := binary.BigEndian.Uint64(raw[:8])
	if hi == 0 {
		return append(b, "::/64"...)
	}
	for ; hi != 0; hi <<= 16 {
		b = append(strconv.AppendUint(b, hi>>48, 16), ':')
	}
	return append(b, ":/64"...)
}

// appendIPv4 appends an address in decimal.
func appendIPv4(b []byte, a [4]byte) []byte {
	for i, n := range a {
		if i > 0 {
			b = append(b, '.')
		}
		switch {
		case n >= 100:
			b = append(b, '0'+n/100, '0'+n/10%10, '0'+n%10)
		case n >= 10:
			b = append(b, '0'+n/10, '0'+n%10)
		default:
			b = append(b, '0'+n)
		}
	}
	return b
}

// PrefixOf is the surrounding network of an address: IPv4 /24, IPv6 /48 (the usual assignment to a site, RFC 6177).
func PrefixOf(a netip.Addr) netip.Prefix { return widen(a, 24, 48) }

func widen(a netip.Addr, v4, v6 int) netip.Prefix {
	if !a.IsValid() {
		return netip.Prefix{}
	}
	a = a.Unmap()
	bits := v6
	if a.Is4() {
		bits = v4
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// Entity names the entity of one kind that took part in the event; false when the event does not tell.
func (e *Event) Entity(k Kind) (Entity, bool) {
	v := e.entityValue(k)
	return Entity{Kind: k, Value: v}, v != ""
}

func (e *Event) entityValue(k Kind) string {
	switch k {
	case KindNetwork:
		if !e.Client.IsValid() {
			return e.ClientHost
		}
		var b [40]byte
		return string(AppendNetwork(b[:0], e.Client))
	case KindPrefix:
		if !e.Client.IsValid() {
			return ""
		}
		return PrefixOf(e.Client).String()
	case KindPrincipal:
		return e.Principal
	case KindCredential:
		return e.Credential
	case KindSession:
		return e.Session
	case KindFingerprint:
		return e.JA4
	case KindASN:
		return asnValue(e)
	case KindEndpoint:
		return endpointValue(e)
	case KindService:
		return serviceValue(e)
	default:
		return ""
	}
}

func asnValue(e *Event) string {
	if !e.Has(FieldASN) || e.ASN == 0 {
		return ""
	}
	return "AS" + utoa(uint64(e.ASN))
}

func serviceValue(e *Event) string {
	if e.Service != "" {
		return e.Service
	}
	return e.Host
}

func endpointValue(e *Event) string {
	route := e.Route
	if route == "" {
		route = e.Path
	}
	if route == "" {
		return ""
	}
	return e.Method + " " + e.Host + route
}

func utoa(v uint64) string {
	var b [20]byte
	i := len(b)
	for {
		i--
		b[i] = byte('0' + v%10)
		if v /= 10; v == 0 {
			return string(b[i:])
		}
	}
}
