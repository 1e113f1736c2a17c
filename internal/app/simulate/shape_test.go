package simulate

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/event"
)

// clean is a week without attacks.
func clean(t *testing.T) []event.Event {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Days, cfg.Clients, cfg.Attacks, cfg.Scenarios = 7, 400, []string{"none"}, []string{"none"}
	log, _ := simulate(t, cfg)
	return read(t, log)
}

// TestCleanWeek holds the traffic of a clean week against what real sites see.
func TestCleanWeek(t *testing.T) {
	all := clean(t)
	t.Run("shape", func(t *testing.T) { checkShape(t, all) })
	t.Run("probes", func(t *testing.T) { checkProbes(t, all) })
}

// checkShape has wide bounds.
func checkShape(t *testing.T, all []event.Event) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var ok, failed, evening, night, officeWeek, officeSunday, logins, denied, v6 int
	homes := map[netip.Prefix]bool{}
	clients, users := map[string]bool{}, map[string]bool{}
	for i := range all {
		e := &all[i]
		local := e.When().In(zone)
		person := strings.HasPrefix(e.UserAgent, "Mozilla/5.0 (Win") || strings.HasPrefix(e.UserAgent, "Mozilla/5.0 (iPhone")
		switch {
		case e.Status < 400:
			ok++
		case e.Status >= 500:
			failed++
		}
		switch hour := local.Hour(); {
		case person && e.ASN < 64500 && hour >= 19 && hour < 22:
			evening++
		case person && e.ASN < 64500 && hour >= 2 && hour < 5:
			night++
		}
		if e.ASN == 64506 && person {
			if local.Weekday() == time.Sunday {
				officeSunday++
			} else if local.Weekday() != time.Saturday {
				officeWeek++
			}
		}
		if e.Path == "/login" && e.UserAgent != "" && person {
			logins++
			if e.Status == 401 {
				denied++
			}
		}
		if e.ASN < 64502 {
			homes[event.Network(e.Client)] = true
		}
		clients[e.Client.String()] = true
		if e.Principal != "" {
			users[e.Principal] = true
		}
	}
	for home := range homes {
		if home.Addr().Is6() {
			v6++
		}
	}
	for _, c := range []struct {
		name         string
		got, lo, hi  float64
		unit, reason string
	}{
		{"answers below 400", share(ok, len(all)), .93, .999, "", "sites that work"},
		{"answers of 500 and more", share(failed, len(all)), 0, .002, "", "nothing is wrong this week"},
		{"evening to night", float64(evening) / float64(max(night, 1)), 4, 1e6, "times", "people sleep"},
		{"offices, weekday to Sunday", float64(officeWeek) / 5 / float64(max(officeSunday, 1)), 4, 1e6, "times", "people have weekends"},
		{"refused logins", share(denied, logins), .005, .25, "", "people mistype"},
		{"IPv6 at home", share(v6, len(homes)), .3, .8, "", "about half of homes have it"},
		{"users to clients", share(len(users), len(clients)), .05, .9, "", "addresses change, and carriers share them"},
	} {
		if c.got < c.lo || c.got > c.hi {
			t.Errorf("%s: %.3f %s, want %g to %g: %s", c.name, c.got, c.unit, c.lo, c.hi, c.reason)
		}
	}
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// checkProbes measures the distance of the rounds of one probe.
func checkProbes(t *testing.T, all []event.Event) {
	t.Helper()
	var last time.Time
	var rounds, off int
	first := ""
	for _, e := range all {
		if !strings.HasPrefix(e.UserAgent, "uptime-probe") || e.Host != "www.kiosk.example" {
			continue
		}
		if first == "" {
			first = e.Client.String()
		}
		if e.Client.String() != first {
			continue
		}
		if !last.IsZero() {
			rounds++
			if d := e.When().Sub(last); d < 29*time.Second || d > 31*time.Second {
				off++
			}
		}
		last = e.When()
	}
	if rounds < 19_000 || off > 0 {
		t.Errorf("%d rounds, %d of them off: want one every 30 seconds", rounds, off)
	}
}
