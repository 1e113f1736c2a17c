package internet

import (
	"net/netip"
	"testing"

	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/event"
)

// TestNobodySharesAnAddress takes many clients of both sides, and looks for one network that two of them have.
func TestNobodySharesAnAddress(t *testing.T) {
	seen := map[netip.Prefix]Side{}
	for _, side := range []Side{Innocent, Attacker} {
		pool, d := NewPool(), dice.New(1, "test", 0)
		for _, kind := range []Kind{Home, Carrier, Company, Hosting} {
			for range 20_000 {
				c, n := pool.Take(d, side, Networks(kind), .5)
				if !n.V4.Contains(c.Addr) && !n.V6.Contains(c.Addr) {
					t.Fatalf("%s is outside of AS%d", c.Addr, n.ASN)
				}
				network := event.Network(c.Addr)
				if other, taken := seen[network]; taken {
					t.Fatalf("%s of side %d has been given to one of side %d", c.Addr, side, other)
				}
				seen[network] = side
			}
		}
	}
}

func TestMoveStaysInTheNetwork(t *testing.T) {
	d := dice.New(1, "move", 0)
	c := Client{Addr: networks[0].Address6(Innocent, 7, 1)}
	was := c.Addr
	c.Move(d)
	if c.Addr == was || event.Network(c.Addr) != event.Network(was) {
		t.Errorf("%s moved to %s, want another address of one /64", was, c.Addr)
	}
	c.Addr = netip.MustParseAddr("100.64.0.9")
	was = c.Addr
	c.Move(d)
	if c.Addr != was {
		t.Errorf("%s moved to %s: IPv4 stays", was, c.Addr)
	}
}
