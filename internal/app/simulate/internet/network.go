// Package internet is where simulated clients come from: the networks of providers, carriers, offices, crawlers and hosters
// with their addresses, and the programs that speak for people and machines. Addresses come from ranges that nobody is
// given (RFC 2544, RFC 6598, RFC 3849), so that no real host is ever blamed; only crawlers have the ranges that their
// operators publish, since those are what tells true ones from false.
package internet

import (
	"encoding/binary"
	"net/netip"
)

// Kind is what a network is for.
type Kind uint8

// The kinds of network.
const (
	Home    Kind = iota // one address a household
	Carrier             // a few gateways for many phones
	Company             // offices and partners, behind one address each
	Hosting             // rented machines
)

// Network is an autonomous system, as far as it matters here.
type Network struct {
	Kind    Kind
	ASN     uint32
	Country string
	V4, V6  netip.Prefix
	Zone    string // where its people live; "" is the site's zone
}

// networks are all but the crawlers'. Autonomous systems are those for documentation (RFC 5398).
var networks = []Network{
	{Home, 64496, "DE", netip.MustParsePrefix("100.64.0.0/13"), netip.MustParsePrefix("2001:db8:1000::/36"), ""},
	{Home, 64497, "DE", netip.MustParsePrefix("100.72.0.0/13"), netip.MustParsePrefix("2001:db8:2000::/36"), ""},
	{Home, 64498, "AT", netip.MustParsePrefix("100.80.0.0/13"), netip.MustParsePrefix("2001:db8:3000::/36"), ""},
	{Home, 64499, "NL", netip.MustParsePrefix("100.88.0.0/13"), netip.MustParsePrefix("2001:db8:4000::/36"), ""},
	{Home, 64500, "US", netip.MustParsePrefix("100.96.0.0/13"), netip.MustParsePrefix("2001:db8:5000::/36"), "America/New_York"},
	{Home, 64501, "IN", netip.MustParsePrefix("100.104.0.0/13"), netip.MustParsePrefix("2001:db8:6000::/36"), "Asia/Kolkata"},
	{Carrier, 64504, "DE", netip.MustParsePrefix("100.112.0.0/16"), netip.MustParsePrefix("2001:db8:8000::/36"), ""},
	{Carrier, 64505, "FR", netip.MustParsePrefix("100.113.0.0/16"), netip.MustParsePrefix("2001:db8:9000::/36"), ""},
	{Company, 64506, "DE", netip.MustParsePrefix("198.19.0.0/17"), netip.MustParsePrefix("2001:db8:a000::/36"), ""},
	{Company, 64507, "CH", netip.MustParsePrefix("198.19.128.0/17"), netip.MustParsePrefix("2001:db8:b000::/36"), ""},
	{Hosting, 65536, "US", netip.MustParsePrefix("198.18.0.0/18"), netip.MustParsePrefix("2001:db8:c000::/36"), ""},
	{Hosting, 65537, "NL", netip.MustParsePrefix("198.18.64.0/18"), netip.MustParsePrefix("2001:db8:d000::/36"), ""},
	{Hosting, 65538, "SG", netip.MustParsePrefix("198.18.128.0/18"), netip.MustParsePrefix("2001:db8:e000::/36"), ""},
}

// Networks are the networks of a kind.
func Networks(kind Kind) []*Network {
	var out []*Network
	for i := range networks {
		if networks[i].Kind == kind {
			out = append(out, &networks[i])
		}
	}
	return out
}

// scatter is odd, so that multiplying by it permutes the addresses of a network.
const scatter = 0x9e35

// Side keeps those apart who must never share an address: a label that blames an innocent is no truth.
type Side uint64

// The sides.
const (
	Innocent Side = iota
	Attacker
)

// Address4 is the n-th IPv4 address of a side in a network.
func (n *Network) Address4(side Side, i int) netip.Addr {
	size := uint64(1) << (32 - n.V4.Bits())
	slot := (2*uint64(i) + uint64(side)) * scatter % size //nolint:gosec // i counts clients, from 0
	base := n.V4.Addr().As4()
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(base[:])+uint32(slot)) //nolint:gosec // below the size of a network
	return netip.AddrFrom4(b)
}

// Address6 is an IPv6 address in the n-th /64 of a side in a network; the host part is given.
func (n *Network) Address6(side Side, i int, host uint64) netip.Addr {
	b := n.V6.Addr().As16()
	subnet := (2*uint64(i) + uint64(side)) * scatter % (1 << 28) //nolint:gosec // i counts clients, from 0
	upper := binary.BigEndian.Uint64(b[:8]) | subnet
	binary.BigEndian.PutUint64(b[:8], upper)
	binary.BigEndian.PutUint64(b[8:], host|1)
	return netip.AddrFrom16(b)
}
