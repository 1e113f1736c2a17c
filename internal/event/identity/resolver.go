// Package identity says who made a request: the client behind trusted proxies, and the credential and session under
// names that are no secrets. It decides by the event alone; what an address or a user is known for is not its concern.
package identity

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/gaissmai/bart"

	"gatewatch/internal/event"
)

// ProxyConfig says which peers may speak for others.
type ProxyConfig struct {
	// Trusted are the proxies whose word about a client counts: addresses ("192.0.2.7"), networks ("10.0.0.0/8"), and
	// the word "private" for loopback, link-local and the private networks of RFC 1918 and RFC 4193. Default: none.
	Trusted []string
	// Header names a header in which a trusted proxy passes the address it resolved ("CF-Connecting-IP",
	// "X-Envoy-External-Address"); the log must carry it as a field of its own. Default: none, use X-Forwarded-For.
	Header string
}

// unixPeer is how gateways name a peer on a Unix socket.
const unixPeer = "unix:"

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// maxHops bounds the walk along X-Forwarded-For; no real chain of proxies is as long.
const maxHops = 32

var privateNetworks = [...]string{
	"127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7",
}

// Resolver finds the client behind trusted proxies. It is immutable and may be shared.
type Resolver struct {
	trusted *bart.Lite
	header  string
}

// NewResolver makes a resolver; the error names every entry of Trusted that is no network.
func NewResolver(cfg ProxyConfig) (*Resolver, error) {
	r := &Resolver{trusted: new(bart.Lite), header: cfg.Header}
	var errs []error
	for _, s := range cfg.Trusted {
		if s == "private" {
			for _, p := range privateNetworks {
				r.trusted.Insert(netip.MustParsePrefix(p))
			}
			continue
		}
		p, err := parseNetwork(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("parsing trusted proxy: %w", err))
			continue
		}
		r.trusted.Insert(p)
	}
	return r, errors.Join(errs...)
}

// errNetwork is about what people wrote, and says what they may write.
func errNetwork(s string) error {
	return fmt.Errorf("%q is neither a network such as 10.0.0.0/8, nor an address, nor %q", s, "private")
}

func parseNetwork(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		switch {
		case err != nil:
			return p, errNetwork(s)
		case !p.Addr().Is4In6():
			return p.Masked(), nil
		}
		if p.Bits() < 96 {
			return p, fmt.Errorf("%q covers more than the IPv4 addresses within IPv6", s)
		}
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96).Masked(), nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, errNetwork(s)
	}
	a = a.Unmap().WithZone("")
	return netip.PrefixFrom(a, a.BitLen()), nil
}

// Trusts tells whether an address is one of the trusted proxies.
func (r *Resolver) Trusts(a netip.Addr) bool {
	return a.IsValid() && r.trusted.Contains(a.Unmap().WithZone(""))
}

// Resolve sets the client of the event. A peer that is not trusted is the client, whatever headers say. A trusted one
// is asked, in this order: the configured header; X-Forwarded-For, read from right to left past trusted proxies, because
// each proxy vouches only for the entry it appended and everything to the left may be forged; the client that the
// gateway itself logged. A peer on a Unix socket counts as 127.0.0.1. The first address that is not trusted is the client. An entry that is no address ends the walk,
// and the last good hop is the client. An event without a peer gets its client for one.
func (r *Resolver) Resolve(e *event.Event) {
	e.Client, e.Peer = e.Client.Unmap(), e.Peer.Unmap()
	if !e.Peer.IsValid() {
		e.Peer = e.Client
	}
	if e.ClientHost == unixPeer && !e.Peer.IsValid() && r.Trusts(loopback) {
		if a := r.walk(e.Peer, e.XFF); a.IsValid() {
			e.Client, e.ClientHost = a, ""
		}
		return
	}
	if !r.Trusts(e.Peer) {
		e.Client = e.Peer
		return
	}
	if a, ok := r.fromHeader(e); ok {
		e.Client = a
		return
	}
	if e.XFF != "" && e.XFF != "-" {
		e.Client = r.walk(e.Peer, e.XFF)
		return
	}
	if !e.Client.IsValid() {
		e.Client = e.Peer
	}
}

// fromHeader is the address in the configured header. Two that differ tell nothing: one may have come from the client.
func (r *Resolver) fromHeader(e *event.Event) (found netip.Addr, ok bool) {
	if r.header == "" {
		return found, false
	}
	for _, p := range e.Unmapped {
		if !isHeader(p.Key, r.header) {
			continue
		}
		a, valid := parseHop(p.Value)
		if !valid || ok && a != found {
			return netip.Addr{}, false
		}
		found, ok = a, true
	}
	return found, ok
}

// walk goes along a list of hops from the right.
func (r *Resolver) walk(peer netip.Addr, hops string) netip.Addr {
	last := peer
	for range maxHops {
		var hop string
		hop, hops = lastHop(hops)
		if hop != "" {
			a, ok := parseHop(hop)
			if !ok {
				return last
			}
			last = a
			if !r.Trusts(a) {
				return a
			}
		}
		if hops == "" {
			return last
		}
	}
	return last
}

// lastHop cuts the rightmost entry off a list. A comma inside quotes, which Forwarded allows, is none; an unbalanced
// quote further left is a client's forgery and cannot reach across the comma that a proxy wrote after it.
func lastHop(list string) (hop, rest string) {
	quoted := false
	for i := len(list) - 1; i >= 0; i-- {
		switch {
		case list[i] == '"' && !escaped(list[:i]):
			quoted = !quoted
		case list[i] == ',' && !quoted:
			return strings.TrimSpace(list[i+1:]), list[:i]
		}
	}
	return strings.TrimSpace(list), ""
}

func escaped(before string) bool {
	n := len(before)
	for n > 0 && before[n-1] == '\\' {
		n--
	}
	return (len(before)-n)%2 == 1
}
