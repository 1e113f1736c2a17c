package detect

import (
	"fmt"
	"time"

	"gatewatch/internal/finding"
)

// flow adds a service that few ask and then everybody does, and one that everybody asks all day and then nobody.
func (g *traffic) flow(size int) {
	add := func(service, path string, i int, at time.Duration) {
		e := g.add(fmt.Sprintf("100.66.%d.%d", i%250, 1+i/250), at, "GET", path, 200)
		e.Service, e.Host = service, service+".example"
	}
	station := func(i int) string { return "/" + []string{"jazz", "news", "rock", "talk", "world"}[i%5] }
	for i := range 24 {
		add("radio", station(i), i, -28*time.Hour+time.Duration(i)*time.Second)
	}
	for i := range 9 * size {
		add("radio", station(i), i, time.Duration(i)*20*time.Second/time.Duration(size))
	}
	for i := range 12 * size {
		add("news", "/feed", i, -28*time.Hour+time.Duration((float64(i)+g.rng.Float64())*float64(26*time.Hour)/float64(12*size)))
	}
}

func flowRefusals() []refusal {
	surge := func(change func(*TrafficSurgeConfig)) func() error {
		c := DefaultTrafficSurge()
		change(&c)
		return NewTrafficSurge(c).Validate
	}
	drop := func(change func(*TrafficDropConfig)) func() error {
		c := DefaultTrafficDrop()
		change(&c)
		return NewTrafficDrop(c).Validate
	}
	return []refusal{
		{"alerts_per_day", surge(func(c *TrafficSurgeConfig) { c.AlertsPerDay = 0 })},
		{"requests", surge(func(c *TrafficSurgeConfig) { c.Requests = 0 })},
		{"ratio", surge(func(c *TrafficSurgeConfig) { c.Ratio = 1 })},
		{"alerts_per_day", drop(func(c *TrafficDropConfig) { c.AlertsPerDay = -1 })},
		{"requests", drop(func(c *TrafficDropConfig) { c.Requests = 0 })},
		{"ratio", drop(func(c *TrafficDropConfig) { c.Ratio = 1 })},
	}
}

// asked are n requests of as many clients, step apart, from a time of a day of June 2026 on.
func asked(n int, step, path, day, at string) string {
	return fmt.Sprintf(`repeat %d step %s 198.51.100.{i%%200} - - [%s/Jun/2026:%s +0000] "GET %s HTTP/1.1" 200 5120%s`+"\n", n, step, day, at, path, browser)
}

func trafficSurgeThresholds() []threshold {
	// Six requests an hour for two days.
	habit, after := asked(288, "10m", "/page", "01", "00:00:30"), asked(40, "1m", "/page", "03", "00:10:30")
	return []threshold{
		{"requests", 295, none, finding.Low, func(n int) string {
			return habit + asked(n, "400ms", "/page", "03", "00:00:00") + after
		}},
		{"medium", 1500, finding.Low, finding.Medium, func(n int) string {
			return habit + asked(n, "80ms", "/page", "03", "00:00:00") + after
		}},
		{"high", 4500, finding.Medium, finding.High, func(n int) string {
			return habit + asked(n, "26ms", "/page", "03", "00:00:00") + after
		}},
	}
}

func trafficDropThresholds() []threshold {
	// A request a minute tells the time, and ten seconds apart come others for two days, and then for some minutes none.
	usual := asked(2*24*60+20, "1m", "/clock", "01", "00:00:20") + asked(2*24*360, "10s", "/page", "01", "00:00:05")
	return []threshold{
		{"silence", 6, none, finding.Low, func(n int) string {
			return usual + asked(120, "10s", "/page", "03", fmt.Sprintf("00:%02d:05", n))
		}},
	}
}
