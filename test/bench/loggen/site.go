package main

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"time"
)

// site makes one day of a site's log.
type site struct {
	lines   int
	rnd     *rand.Rand
	clients []netip.Addr
	agents  []string
	pages   []string
	busy    *rand.Zipf // which client
	liked   *rand.Zipf // which page
	common  *rand.Zipf // which user agent
	attacks []attack
	start   int64
}

// request is what one line says.
type request struct {
	client   netip.Addr
	method   string
	target   string
	referrer string
	agent    string
	status   int
	size     int
}

func newSite(lines, clients int, seed uint64) (*site, error) {
	if lines < clients || clients < 1000 {
		return nil, fmt.Errorf("%d lines, %d clients: want at least 1000 clients, and as many lines", lines, clients)
	}
	rnd := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	s := &site{
		lines:   lines,
		rnd:     rnd,
		clients: addresses(rnd, clients),
		agents:  userAgents(rnd, 4000),
		pages:   pages(rnd, 40_000),
		start:   time.Date(2025, 3, 18, 0, 0, 0, 0, time.UTC).UnixNano(),
	}
	s.busy = rand.NewZipf(rnd, 1.05, 20, uint64(clients-1))
	s.liked = rand.NewZipf(rnd, 1.1, 8, uint64(len(s.pages)-1))
	s.common = rand.NewZipf(rnd, 1.3, 6, uint64(len(s.agents)-1))
	s.attacks = attacks(lines)
	return s, nil
}

// appendLine appends line i of the day.
func (s *site) appendLine(b []byte, i int) []byte {
	q := s.request(i)
	at := s.start + int64(float64(i)/float64(s.lines)*float64(24*time.Hour))
	b = q.client.AppendTo(b)
	b = append(b, " - - ["...)
	b = time.Unix(0, at).UTC().AppendFormat(b, "02/Jan/2006:15:04:05 -0700")
	b = append(b, `] "`...)
	b = append(append(b, q.method...), ' ')
	b = append(b, q.target...)
	b = append(b, ` HTTP/1.1" `...)
	b = strconv.AppendInt(b, int64(q.status), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(q.size), 10)
	b = append(b, ` "`...)
	b = append(b, q.referrer...)
	b = append(b, `" "`...)
	b = append(b, q.agent...)
	return append(b, "\"\n"...)
}

// request is line i's. Every client comes once in turn, so that logs of any length have the same clients; between, the
// busy ones come more often, and the attackers.
func (s *site) request(i int) request {
	if every := s.lines / len(s.clients); i%every == 0 && i/every < len(s.clients) {
		return s.visit(i / every)
	}
	if q, ok := s.attack(i); ok {
		return q
	}
	return s.visit(int(s.busy.Uint64()))
}

// visit is a request of an ordinary client.
func (s *site) visit(n int) request {
	q := request{client: s.clients[n], method: "GET", referrer: "-", agent: s.agentOf(n), status: 200}
	switch k := s.rnd.IntN(1000); {
	case k < 420:
		q.target = assets[s.rnd.IntN(len(assets))]
		q.referrer = origin + "/"
		q.size = 2000 + s.rnd.IntN(90_000)
		if k < 80 {
			q.status, q.size = 304, 0
		}
	case k < 760:
		q.target = s.pages[s.liked.Uint64()]
		q.referrer = s.referrer()
		q.size = 8000 + s.rnd.IntN(40_000)
	case k < 850:
		// Whoever is signed in asks for their own orders, and for no one else's.
		q.target = "/api/v1/orders/" + strconv.Itoa(100_000+n*8+s.rnd.IntN(8))
		q.size = 300 + s.rnd.IntN(2000)
	case k < 900:
		q.target = "/search?q=" + words[s.rnd.IntN(len(words))] + "+" + words[s.rnd.IntN(len(words))]
		q.size = 6000 + s.rnd.IntN(20_000)
	case k < 940:
		q.method, q.target, q.status, q.size = "POST", "/api/v1/cart/items", 201, 120+s.rnd.IntN(400)
	case k < 955:
		q.target, q.status, q.size = "/category/"+words[s.rnd.IntN(len(words))], 301, 178
	case k < 958:
		q.method, q.target, q.status, q.size = "POST", "/login", 302, 0
	case k < 959:
		q.method, q.target, q.status, q.size = "POST", "/login", 401, 900
	case k < 989:
		q.target, q.status, q.size = broken[s.rnd.IntN(len(broken))], 404, 1245
	case k < 991:
		q.target, q.status, q.size = "/api/v1/quote", 503, 190
	default:
		q.target, q.size = "/", 14_000+s.rnd.IntN(500)
		q.referrer = s.referrer()
	}
	return q
}

func (s *site) referrer() string {
	switch k := s.rnd.IntN(100); {
	case k < 30:
		return "-"
	case k < 45:
		return "https://www.search.example/"
	case k < 46:
		// nginx writes what is no printable ASCII, and quotes, as \xHH.
		return `https://www.search.example/?q=\x22` + words[s.rnd.IntN(len(words))] + `\x22`
	default:
		return origin + s.pages[s.liked.Uint64()]
	}
}

// agentOf is the client's user agent: always the same one.
func (s *site) agentOf(n int) string {
	own := rand.New(rand.NewPCG(uint64(n), 7))
	zipf := rand.NewZipf(own, 1.3, 6, uint64(len(s.agents)-1))
	return s.agents[zipf.Uint64()]
}
