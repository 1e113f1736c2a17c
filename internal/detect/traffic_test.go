package detect

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/event"
)

// start is when the traffic of the property tests begins.
var start = time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)

const browserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0"

// traffic makes events of people and of one attacker for each detector, from a seed.
type traffic struct {
	rng    *rand.Rand
	events []event.Event
}

// add adds a request; the target is a path and, behind a question mark, a query.
func (g *traffic) add(client string, at time.Duration, method, target string, status int) *event.Event {
	path, query, _ := strings.Cut(target, "?")
	e := event.Event{
		Time: start.Add(at).UnixNano(), Client: netip.MustParseAddr(client), Method: method, Host: "shop.example",
		Path: path, Query: query, UserAgent: browserAgent, Service: "shop",
	}
	e.SetStatus(int64(status))
	e.SetBodyBytesOut(int64(100 + g.rng.IntN(9000)))
	g.events = append(g.events, e)
	return &g.events[len(g.events)-1]
}

// attackers are what each detector must find in traffic.
var attackers = map[string]string{
	"path_scan": "203.0.113.1", "sensitive_path": "203.0.113.2", "login_bruteforce": "203.0.113.3",
	"credential_stuffing": "203.0.113.4", "object_walk": "2001:db8:5::/64", "request_flood": "203.0.113.6",
	"scanner_agent": "203.0.113.7", "injection_probe": "203.0.113.8",
	"volume_anomaly":       "203.0.113.11",
	"breadth_anomaly":      "203.0.113.12",
	"exfiltration":         "203.0.113.13",
	"distributed_stuffing": "POST shop.example/api/v2/login", "account_attack": "victim@shop.example",
	"error_spike": "reports", "latency_shift": "reports",
	"traffic_surge": "radio", "traffic_drop": "news",
}

// attack adds what every detector must find, spread over some minutes; size scales it.
func (g *traffic) attack(size int) {
	second := func(i int, gap float64) time.Duration {
		return time.Duration((float64(i) + g.rng.Float64()/2) * gap * float64(time.Second))
	}
	for i := range 4 * size {
		g.add("203.0.113.1", second(i, 2), "GET", fmt.Sprintf("/w%dx", i), 404)
	}
	for i, p := range []string{"/.env", "/.git/config", "/.aws/credentials", "/id_rsa", "/wp-config.php.bak"} {
		g.add("203.0.113.2", second(i, 20), "GET", p, 200+204*(i%2))
	}
	for i := range 3 * size {
		g.add("203.0.113.3", second(i, 3), "POST", "/api/login", 401-201*(i/(3*size-1)))
		g.add("203.0.113.4", second(i, 3), "POST", fmt.Sprintf("/api/login?user=u%d", i), 401)
	}
	for i := range 6 * size {
		g.add("2001:db8:5::1", second(i, 1), "GET", fmt.Sprintf("/api/orders/%d", i+1000), 403-203*(i%3/2))
	}
	for i := range 16 * size {
		g.add("203.0.113.6", time.Minute+second(i, 0.01), "GET", "/search?q=lamp", 200)
	}
	for i := range 30 { // whose hours are over, so that it is known what clients do
		hour := -time.Duration(i+1) * time.Hour
		g.add(fmt.Sprintf("198.18.7.%d", i), hour-time.Minute, "GET", "/articles/page1", 200)
		g.add(fmt.Sprintf("198.18.7.%d", i), hour+time.Minute, "GET", "/articles/page2", 200)
	}
	for i := range 6 * size {
		g.add("203.0.113.11", 67*time.Second+second(i, 0.01), "GET", "/search?q=lamp", 200)
	}
	for i := range 5 * size {
		g.add("203.0.113.12", 70*time.Second+second(i, 0.01), "GET", fmt.Sprintf("/articles/page%d", i), 200)
	}
	g.leak()
	for i := range 2 * size {
		g.add(fmt.Sprintf("100.64.%d.%d", i%256, 1+i/256), second(i, 2), "POST", "/api/v2/login", 401)
	}
	for i := range size / 2 {
		g.add(fmt.Sprintf("100.65.%d.%d", i%256, 1+i/256), second(i, 9), "POST", "/api/login?user=Victim%40shop.example", 401-201*(i/(size/2-1)))
	}
	for i := range size {
		g.add("203.0.113.7", second(i, 5), "GET", "/", 200).UserAgent = "Nikto/2.5"
		g.add("203.0.113.8", second(i, 5), "GET", fmt.Sprintf("/item?q=1%%27%%20OR%%20%d%%3D%d--%%20-", i, i), 200+300*(i%2))
	}
}

// trouble adds a service that is asked for all day, until it gets slow and fails.
func (g *traffic) trouble() {
	for i := range 260 {
		at, status, took := time.Duration(i-220)*8*time.Minute, 200, int64(20_000)
		if i >= 220 {
			at, status, took = time.Duration(i-220)*6*time.Second, 200+303*(i%2), 900_000
		}
		e := g.add(fmt.Sprintf("198.51.101.%d", i%250), at, "GET", "/reports", status)
		e.Service, e.Host = "reports", "reports.example"
		e.SetDuration(took + took*int64(i%5)/10)
	}
}

// people adds n requests of visitors.
func (g *traffic) people(n int, span time.Duration) {
	for range n {
		client := fmt.Sprintf("198.51.100.%d", g.rng.IntN(250))
		at := time.Duration(g.rng.Int64N(int64(span)))
		switch g.rng.IntN(20) {
		case 0:
			g.add(client, at, "GET", fmt.Sprintf("/gone%d", g.rng.IntN(4)), 404)
		case 1:
			g.add(client, at, "POST", "/api/login", 200+201*g.rng.IntN(2))
		case 2:
			e := g.add(client, at, "GET", fmt.Sprintf("/api/orders/%d", g.rng.IntN(900)), 200)
			e.Principal = "customer-" + client
		default:
			g.add(client, at, "GET", fmt.Sprintf("/articles/page%d", g.rng.IntN(40)), 200)
		}
	}
}

// mixed is a stream in the order of its times, each event from a place of its own.
func mixed(t testing.TB, seed uint64, size, people int) []event.Event {
	t.Helper()
	g := &traffic{rng: rand.New(rand.NewPCG(seed, 1))}
	g.attack(size)
	g.trouble()
	g.flow(size)
	return g.whole(t, people)
}

// shortly is mixed without what takes a day to be learned.
func shortly(t testing.TB, seed uint64, size, people int) []event.Event {
	t.Helper()
	g := &traffic{rng: rand.New(rand.NewPCG(seed, 1))}
	g.attack(size)
	return g.whole(t, people)
}

// whole is the traffic in order, with people in it.
func (g *traffic) whole(t testing.TB, people int) []event.Event {
	t.Helper()
	g.people(people, 5*time.Minute)
	slices.SortStableFunc(g.events, func(a, b event.Event) int { return cmp.Compare(a.Time, b.Time) })
	for i := range g.events {
		g.events[i].Origin = event.Origin{Topic: "events", Partition: 3, Offset: int64(i) + 1}
	}
	template(t, g.events)
	return g.events
}
