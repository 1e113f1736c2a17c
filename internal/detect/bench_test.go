package detect

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// ordinary is n events of 5 000 clients, nine in ten of them pages and assets, the rest what a site sees as well: dead
// links, searches, logins, API calls. It gives no finding.
func ordinary(tb testing.TB, n int) []event.Event {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	agents := []string{
		browserAgent, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "python-requests/2.31.0",
	}
	pages := []string{"/", "/articles/how-to-choose-a-lamp", "/products/desk-lamp", "/static/app.4f2a.js", "/images/lamp.png", "/blog/2026/06/news", "/account"}
	events := make([]event.Event, n)
	for i := range events {
		e := &events[i]
		e.Time = start.Add(time.Duration(i) * time.Millisecond).UnixNano()
		e.Client = netip.AddrFrom4([4]byte{198, 51, byte(rng.IntN(20)), byte(rng.IntN(250))})
		e.Method, e.Host, e.HTTPVersion, e.UserAgent = "GET", "shop.example", "1.1", agents[min(rng.IntN(12)/3, 3)]
		e.Path, e.Referrer = pages[rng.IntN(len(pages))], "https://shop.example/"
		e.SetStatus(200)
		e.SetBodyBytesOut(int64(rng.IntN(20_000)))
		switch rng.IntN(60) {
		case 0, 1:
			e.Path = "/old/story-of-the-day"
			e.SetStatus(404)
		case 2, 3:
			e.Path, e.Query = "/search", "q=desk+lamp+with+a+clamp&page=2"
		case 4:
			e.Path, e.Method = "/api/login", "POST"
		case 5:
			e.Path = "/api/orders/" + []string{"1042", "1043", "2077"}[rng.IntN(3)]
		}
	}
	template(tb, events)
	return events
}

// BenchmarkStep is the cost of an ordinary event with every detector on.
func BenchmarkStep(b *testing.B) {
	cfg := DefaultConfig()
	cfg.Seed = testSeed
	e := testEngine(b, cfg)
	events := ordinary(b, 1<<17)
	found := 0
	emit := func(*finding.Finding) { found++ }
	for i := range events {
		e.Step(&events[i], emit)
	}
	span := events[len(events)-1].Time - events[0].Time + 1
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		ev := &events[i&(len(events)-1)]
		if i++; i&(len(events)-1) == 0 {
			b.StopTimer()
			for j := range events {
				events[j].Time += span
			}
			b.StartTimer()
		}
		e.Step(ev, emit)
	}
	b.ReportMetric(float64(found), "findings")
}

// BenchmarkStepAttack is the cost of an event of a stream that is half attacks.
func BenchmarkStepAttack(b *testing.B) {
	events := mixed(b, 1, 400, 10_000)
	cfg := DefaultConfig()
	cfg.Seed = testSeed
	e := testEngine(b, cfg)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i == len(events) {
			b.StopTimer()
			e, i = testEngine(b, cfg), 0
			b.StartTimer()
		}
		e.Step(&events[i], func(*finding.Finding) {})
		i++
	}
}
