package internet

import (
	"net/netip"

	"gatewatch/internal/app/simulate/dice"
)

// Client is who the site sees: an address and a program.
type Client struct {
	Addr    netip.Addr
	ASN     uint32
	Country string
	Agent   Agent
}

// Pool hands out addresses, each to one client or, where clients share gateways, to many.
type Pool struct{ next map[*Network]int }

// NewPool makes a pool in which every address is free.
func NewPool() *Pool { return &Pool{next: map[*Network]int{}} }

// Take is a client at an address that nobody had before, in one of the networks. Of those who have IPv6, share is the
// part that use it.
func (p *Pool) Take(d dice.Dice, side Side, of []*Network, share float64) (Client, *Network) {
	n := of[d.IntN(len(of))]
	i := p.next[n]
	p.next[n] = i + 1
	c := Client{ASN: n.ASN, Country: n.Country}
	if d.Chance(share) {
		c.Addr = n.Address6(side, i, d.Uint64())
	} else {
		c.Addr = n.Address4(side, i)
	}
	return c, n
}

// Move gives a client of IPv6 another address within its network, as hosts do for privacy (RFC 8981).
func (c *Client) Move(d dice.Dice) {
	if !c.Addr.Is6() {
		return
	}
	b := c.Addr.As16()
	for i, x := 8, d.Uint64(); i < 16; i, x = i+1, x>>8 {
		b[i] = byte(x)
	}
	b[15] |= 1
	c.Addr = netip.AddrFrom16(b)
}
