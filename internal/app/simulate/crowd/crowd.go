// Package crowd is everybody who means no harm: people with browsers and with the shop's app, partners' machines, probes
// and crawlers. Attackers are not among them.
package crowd

import (
	"fmt"
	"time"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
)

// Config says how large the crowd is.
type Config struct {
	Seed     uint64
	Clients  int     // people, phones and partners
	Activity float64 // factor of how often people come
}

// Crowd is everybody, and what they share. One goroutine owns it.
type Crowd struct {
	// People is how many accounts belong to somebody; they are numbered from 0 on.
	People int

	shop     [pages]page
	request  site.Request
	names    []string
	gateways []internet.Client
	calendar *calendar.Calendar
	pool     *internet.Pool
	cfg      Config
}

// What the crowd is made of, and how it changes. The rest are people with browsers.
const (
	withApp    = .38
	partnering = .01
	atWork     = .22 // of people with browsers
	onPhone    = .16
	newcomers  = .25 // come for the first time while the clock runs
	leavers    = .12
	overIPv6   = .55
	perGateway = 55 // phones that share a carrier's address
	abroad     = .2
	perReader  = 180  // clients for each program that reads the blog's news
	usual      = 5000 // clients of a shop that crawlers read as often as their table says
)

// New makes a crowd of some size; they come onto the scene with Enter.
func New(cfg Config, cal *calendar.Calendar) *Crowd {
	c := &Crowd{cfg: cfg, shop: shop(), calendar: cal, pool: internet.NewPool()}
	c.People = max(cfg.Clients-c.partners(), 1)
	c.names = make([]string, c.People)
	d := dice.New(cfg.Seed, "gateways", 0)
	for range max(cfg.Clients/perGateway, 2) {
		client, _ := c.pool.Take(d, internet.Innocent, internet.Networks(internet.Carrier), 0)
		c.gateways = append(c.gateways, client)
	}
	return c
}

func (c *Crowd) partners() int {
	return max(int(float64(c.cfg.Clients)*partnering), min(len(jobs), c.cfg.Clients/2))
}

// Enter brings everybody onto the scene.
func (c *Crowd) Enter(s *scene.Scene) {
	phones := int(float64(c.People) * withApp)
	office := internet.Client{}
	colleagues := 0
	for i := range c.People {
		d := dice.New(c.cfg.Seed, "person", i)
		if i < phones {
			c.addPhone(s, d, i)
			continue
		}
		works := d.Chance(atWork)
		if works && colleagues == 0 {
			office, _ = c.pool.Take(d, internet.Innocent, internet.Networks(internet.Company), 0)
			colleagues = int(d.Pareto(2, 1.1, 70))
		}
		p := c.newPerson(d, i)
		if works {
			colleagues--
			p.home.Addr, p.home.ASN, p.home.Country = office.Addr, office.ASN, office.Country
			p.rhythm = c.calendar.Rhythm(calendar.Office, nil)
		}
		from, until := c.stay(d)
		p.gone = until
		s.Add(p, p.rhythm.After(from, d.ExpFloat64()*p.every))
	}
	c.addMachines(s)
}

// Account is the account of a person who has one of the shop's browsers' sessions or the app, by a number that wraps.
func (c *Crowd) Account(n int) uint64 { return uint64(n % c.People) } //nolint:gosec // not negative

// AppAccount is the account of somebody with the app.
func (c *Crowd) AppAccount(n int) uint64 {
	return uint64(n % max(int(float64(c.People)*withApp), 1)) //nolint:gosec // not negative
}

// TokenAt is the period of the token that the app has at a time, if it was used in that period at all.
func TokenAt(now int64) uint64 { return uint64(now) / uint64(tokenStays) } //nolint:gosec // after 1970

// stay is from when to when somebody is seen.
func (c *Crowd) stay(d dice.Dice) (from, until int64) {
	begin, end := c.calendar.Begin.UnixNano(), c.calendar.End.UnixNano()
	from, until = begin, end
	if d.Chance(newcomers) {
		from = begin + d.Int64N(end-begin)
	}
	if d.Chance(leavers) {
		until = from + d.Int64N(end-from)
	}
	return from, until
}

func (c *Crowd) newPerson(d dice.Dice, i int) *person {
	home, network := c.take(d)
	p := &person{
		d: d, crowd: c, account: uint64(i), home: home, phone: internet.Mobile(d), //nolint:gosec // not negative
		every:   168 / (d.LogNormal(4.5, .9) * c.cfg.Activity),
		careful: d.Chance(.55), roams: d.Float64() * .5, returned: d.Chance(.7),
	}
	p.visit.fails = -1
	p.home.Agent = internet.Desktop(d)
	if d.Chance(onPhone) {
		p.home.Agent, p.roams = p.phone, .6
	}
	profile := calendar.Evening
	if d.Chance(.05) {
		profile = calendar.Night
	}
	p.rhythm = c.calendar.Rhythm(profile, zoneOf(network))
	return p
}

func (c *Crowd) addPhone(s *scene.Scene, d dice.Dice, i int) {
	home, network := c.take(d)
	home.Agent = internet.OwnApp(d)
	p := &phone{
		d: d, crowd: c, account: uint64(i), home: home, client: home, device: d.Uint64(), //nolint:gosec // not negative
		every:  24 / (d.LogNormal(.9, .8) * c.cfg.Activity),
		rhythm: c.calendar.Rhythm(calendar.Phone, zoneOf(network)),
	}
	from, until := c.stay(d)
	p.gone = until
	p.use = p.rhythm.After(from, d.ExpFloat64()*p.every)
	s.Add(p, min(p.use, from+d.Int64N(int64(syncing))))
}

// take is somebody's connection at home: one in five lives elsewhere.
func (c *Crowd) take(d dice.Dice) (internet.Client, *internet.Network) {
	var near, far []*internet.Network
	for _, n := range internet.Networks(internet.Home) {
		if n.Zone == "" {
			near = append(near, n)
		} else {
			far = append(far, n)
		}
	}
	if d.Chance(abroad) {
		near = far
	}
	return c.pool.Take(d, internet.Innocent, near, overIPv6)
}

func zoneOf(n *internet.Network) *time.Location {
	if n.Zone == "" {
		return nil
	}
	zone, err := time.LoadLocation(n.Zone)
	if err != nil {
		panic(fmt.Sprintf("crowd: a network's zone: %v", err)) // the table names it, and the program embeds all zones
	}
	return zone
}

// roam is a client behind one of the carriers' gateways.
func (c *Crowd) roam(d dice.Dice, agent internet.Agent) internet.Client {
	client := c.gateways[d.IntN(len(c.gateways))]
	client.Agent = agent
	return client
}

// product is a product as people find them: a few are in demand, most are not.
func (c *Crowd) product(d dice.Dice) uint64 {
	const spread = 7919                                           // has no divisor in common with the number of products
	return uint64(d.Rank(site.Products))*spread%site.Products + 1 //nolint:gosec // ranks count from 0
}

// name is the name of an account, made once.
func (c *Crowd) name(account uint64) string {
	if c.names[account] == "" {
		c.names[account] = site.User(account)
	}
	return c.names[account]
}

func (c *Crowd) addMachines(s *scene.Scene) {
	kinds := make([]dice.Entry[job], 0, len(jobs))
	for _, j := range jobs {
		kinds = append(kinds, dice.Entry[job]{Weight: j.weight, Value: j})
	}
	table := dice.NewTable(kinds...)
	for i := range c.partners() {
		d := dice.New(c.cfg.Seed, "partner", i)
		client, _ := c.pool.Take(d, internet.Innocent, internet.Networks(internet.Company), .1)
		client.Agent = internet.Partner(d)
		p := &partner{
			d: d, crowd: c, job: table.Draw(d), client: client, name: fmt.Sprintf("partner-%03d", i), key: d.Uint64() | 1,
			size: d.LogNormal(1, .5), number: d.Uint64N(400_000),
		}
		s.Add(p, p.begin(c.calendar))
	}
	c.addRobots(s)
}

// addRobots brings on those that nobody sits before and that are no partner's.
func (c *Crowd) addRobots(s *scene.Scene) {
	begin := c.calendar.Begin.UnixNano()
	for i := range c.cfg.Clients / perReader {
		d := dice.New(c.cfg.Seed, "reader", i)
		r := &reader{d: d, crowd: c, every: periods.Draw(d), knows: d.Chance(.6)}
		r.client, _ = c.pool.Take(d, internet.Innocent, internet.Networks(internet.Hosting), 0)
		r.client.Agent = internet.Reader(d)
		s.Add(r, begin+d.Int64N(int64(r.every)))
	}
	for i := range 3 {
		d := dice.New(c.cfg.Seed, "probe", i)
		client, _ := c.pool.Take(d, internet.Innocent, internet.Networks(internet.Hosting), 0)
		client.Agent = internet.Probe()
		s.Add(&probe{d: d, crowd: c, client: client}, begin+d.Int64N(int64(round)))
	}
	for i, r := range internet.Robots() {
		d := dice.New(c.cfg.Seed, "crawler", i)
		client := internet.Client{ASN: r.ASN, Country: "US", Agent: r.Agent}
		r.PerDay *= min(max(float64(c.cfg.Clients)/usual, .05), 20)
		s.Add(&crawler{d: d, crowd: c, robot: r, client: client}, begin+d.Int64N(int64(10*time.Minute)))
	}
}
