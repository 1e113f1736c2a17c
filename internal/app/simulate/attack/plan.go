package attack

import (
	"encoding/binary"
	"math"
	"net/netip"
	"time"

	"gatewatch/internal/app/simulate/campaign"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/site"
)

// plan is one attack in the making.
type plan struct {
	World
	cfg      Config
	d        dice.Dice
	pool     *internet.Pool
	begin    time.Time
	campaign *campaign.Campaign
}

// many is a number at the intensity asked for.
func (p *plan) many(usual int) int { return max(int(float64(usual)*p.cfg.Intensity), 1) }

// Stealth stretches the time between requests up to this factor, and blurs it up to this sigma.
const (
	stretch   = 12
	blur      = 1.1
	precision = .04 // of those who do not care
)

// pace is a time between requests at the intensity and stealth asked for.
func (p *plan) pace(usual time.Duration) time.Duration {
	return time.Duration(float64(usual) * math.Pow(stretch, p.cfg.Stealth) / p.cfg.Intensity)
}

func (p *plan) sigma() float64 { return precision + blur*p.cfg.Stealth }

// muted is a part of what happens to the site: more with intensity, less with stealth, never more than all.
func (p *plan) muted(usual float64) float64 {
	return min(usual*p.cfg.Intensity*(1-.8*p.cfg.Stealth), 1)
}

// from are clients in networks of a kind, with the agent of an attack or, by stealth, a browser's.
func (p *plan) from(kind internet.Kind, n int, agent internet.Agent) []internet.Client {
	out := make([]internet.Client, n)
	for i := range out {
		out[i], _ = p.pool.Take(p.d, internet.Attacker, internet.Networks(kind), 0)
		out[i].Agent = p.agent(agent)
	}
	return out
}

func (p *plan) agent(loud internet.Agent) internet.Agent {
	if p.d.Chance(p.cfg.Stealth) {
		return internet.Desktop(p.d)
	}
	return loud
}

// rented are the /24 networks that attackers rent whole. Nobody else is in them.
var rented = netip.MustParsePrefix("198.18.192.0/18")

// neighbours are n clients of one rented /24.
func (p *plan) neighbours(n int, agent internet.Agent) []internet.Client {
	base := rented.Addr().As4()
	first := binary.BigEndian.Uint32(base[:]) + uint32(p.d.IntN(64))<<8 //nolint:gosec // within the range
	out := make([]internet.Client, min(n, 250))
	for i := range out {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], first+uint32(i)+2) //nolint:gosec // within the /24
		out[i] = internet.Client{Addr: netip.AddrFrom4(b), ASN: 65539, Country: "SC", Agent: p.agent(agent)}
	}
	return out
}

// launch brings an attacker onto the scene: shots requests at a pace, by clients who take turns.
func (p *plan) launch(from []internet.Client, shots int, pace time.Duration, shoot shot) {
	p.launchAt(p.begin, from, shots, pace, shoot)
}

func (p *plan) launchAt(at time.Time, from []internet.Client, shots int, pace time.Duration, shoot shot) {
	p.Scene.Add(&attacker{
		d: p.d, campaign: p.campaign, from: from, shots: shots, pace: p.pace(pace), sigma: p.sigma(), shoot: shoot,
	}, at.UnixNano())
}

// victim is the account of somebody who has one.
func (p *plan) victim() uint64 { return p.Crowd.Account(p.d.IntN(p.Crowd.People)) }

// stranger is the number of an account that nobody in the crowd has: lists of stolen passwords are full of them, and
// attackers open their own.
func (p *plan) stranger() uint64 { return 10_000_000 + p.d.Uint64N(1_000_000) }

// target marks an account as what the campaign is about.
func (p *plan) target(account uint64) string {
	name := site.User(account)
	p.campaign.About("principal", name)
	return name
}

// endpoint marks a route as what the campaign is about. Its path holds no number.
func (p *plan) endpoint(id site.ID) {
	r := p.Scene.Site.Route(id)
	p.campaign.About("endpoint", r.Method+" "+r.Host+r.Path)
}
