package detect

import (
	"fmt"
	"strings"
	"testing"

	"gatewatch/internal/finding"
)

const (
	attacker = `203.0.113.9 - - [01/Jun/2026:10:00:00 +0000] `
	browser  = ` "-" "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0"`
)

// requests writes n requests of the attacker, step apart.
func requests(n int, step, request string, status int) string {
	return fmt.Sprintf("repeat %d step %s %s%q %d 153%s\n", n, step, attacker, request+" HTTP/1.1", status, browser)
}

// later moves requests to another time of the day.
func later(requests, at string) string { return strings.Replace(requests, "10:00:00", at, 1) }

// login writes n attempts at an API by different accounts, or by one.
func login(n, status int, account, at string) string {
	return fmt.Sprintf(`repeat %d step 1s {"timestamp":"2026-06-01T%sZ","client_ip":"203.0.113.9","method":"POST",`+
		`"path":"/api/login","status":%d,"principal":"%s"}`+"\n", n, at, status, account)
}

// threshold is one of a detector, and a script that is one step below it with at−1 and at it with at.
type threshold struct {
	name         string
	at           int
	below, above finding.Severity
	script       func(n int) string
}

const none = finding.SeverityUnknown

func pathScanThresholds() []threshold {
	return []threshold{
		{"paths", 15, none, finding.Medium, func(n int) string { return requests(n, "3s", "GET /w{i}x", 404) }},
		{"share", 20, none, finding.Medium, func(n int) string {
			return requests(n, "3s", "GET /w{i}x", 404) + requests(20, "2s", "GET /page{i}", 200)
		}},
		{"many", 198, none, finding.Medium, func(n int) string { // estimated as 250
			return requests(n, "1s", "GET /w{i}x", 404) + requests(3600, "100ms", "GET /page{i%9}", 200)
		}},
		{"slow paths", 37, none, finding.Medium, func(n int) string { // estimated as 250
			return requests(n, "20m", "GET /w{i}x", 404)
		}},
		{"slow share", 140, none, finding.Medium, func(n int) string {
			return requests(n, "5m", "GET /w{i}x", 404) + requests(140, "2m", "GET /page{i}", 200)
		}},
	}
}

func sensitivePathThresholds() []threshold {
	return []threshold{
		{"one lure", 1, none, finding.Low, func(n int) string { return requests(n, "1s", "GET /.env", 404) }},
		{"lures", 3, finding.Low, finding.Medium, func(n int) string { return requests(n, "1h", "GET /{i}/.env", 404) }},
		{"weight", 5, finding.Medium, finding.High, func(n int) string {
			return requests(1, "1s", map[int]string{4: "GET /db/dump.sql", 5: "GET /.env"}[n], 200)
		}},
		{"slight lures", 3, none, finding.Low, func(n int) string { return requests(n, "1s", "GET /{i}/some.conf", 404) }},
	}
}

func loginBruteforceThresholds() []threshold {
	return []threshold{
		{"failures", 10, none, finding.Medium, func(n int) string { return requests(n, "7s", "POST /api/login", 401) }},
		{"failure share", 57, none, finding.Medium, func(n int) string {
			// The first success comes before the route has shown by a 401 that it tells failures by status.
			return requests(20, "2s", "POST /api/login", 200) + requests(n, "2s", "POST /api/login", 401)
		}},
		{"attempts", 30, none, finding.Medium, func(n int) string { return requests(n, "5s", "POST /login", 302) }},
		{"attempt share", 30, none, finding.Medium, func(n int) string {
			return requests(n, "5s", "POST /login", 302) + requests(70, "2s", "GET /page{i}", 200)
		}},
		{"paced failures", 8, none, finding.Medium, func(n int) string { return requests(n, "5m", "POST /api/login", 401) }},
		{"paced gap", 60, none, finding.Medium, func(n int) string {
			return requests(9, fmt.Sprintf("%ds", n), "POST /api/login", 401)
		}},
		{"paced variation", 35, finding.Medium, none, func(n int) string { // gaps of 5 m ± n %
			second := 300 - 3*n - 3
			return requests(8, "10m", "POST /api/login", 401) +
				later(requests(8, "10m", "POST /api/login", 401), fmt.Sprintf("10:%02d:%02d", second/60, second%60))
		}},
	}
}

func credentialStuffingThresholds() []threshold {
	return []threshold{
		{"accounts", 15, none, finding.Medium, func(n int) string { return login(n, 401, "user{i}", "10:00:00") }},
		{"tries", 41, finding.Medium, none, func(n int) string {
			return login(n-20, 401, "user1", "10:00:00") + login(20, 401, "user{i}", "10:01:00")
		}},
		{"stuffing share", 16, none, finding.Medium, func(n int) string {
			return login(1, 401, "user0", "09:58:00") + login(16, 200, "other{i}", "09:59:00") + login(n-1, 401, "user{i+1}", "10:00:00")
		}},
	}
}

func objectWalkThresholds() []threshold {
	return []threshold{
		{"refused ids", 20 + walkRefused - 1, none, finding.Medium, func(n int) string { return requests(n, "4s", "GET /api/orders/{r}", 403) }},
		{"refused share", 9, none, finding.High, func(n int) string {
			return requests(30+walkObjects-1-n, "1s", "GET /api/orders/{i*50}", 200) + later(requests(n, "1s", "GET /api/orders/{i*77}1", 403), "10:01:00")
		}},
		{"walked ids", 50 + 1 + walkObjects - 1, none, finding.Medium, func(n int) string { // 51 are estimated as 250
			return requests(n, "4s", "GET /api/orders/{i+100}", 200)
		}},
		{"read", 10 + walkRefused - 1, finding.Medium, finding.High, func(n int) string {
			return requests(n, "1s", "GET /api/orders/{i*50}", 200) + requests(25, "1s", "GET /api/orders/{i*77}1", 403)
		}},
		{"window", 16, finding.Medium, none, func(n int) string {
			return requests(24, fmt.Sprintf("%ds", n), "GET /api/orders/{r}", 403)
		}},
	}
}

func requestFloodThresholds() []threshold {
	return []threshold{
		{"low", 601, none, finding.Low, func(n int) string { return requests(n+floodStart-1, "70ms", "GET /search", 200) }},
		{"burst", 300, finding.Low, finding.Medium, func(n int) string {
			// Followed from the 30th request on, and then a minute above Low.
			return requests(floodStart-1+n, "11ms", "GET /search", 200) + later(requests(700, "80ms", "GET /search", 200), "10:01:00")
		}},
		{"sustained", 3600, finding.Low, finding.Medium, func(n int) string {
			var b strings.Builder
			for minute := range 3 {
				b.WriteString(later(requests(n+floodStart-1, "16ms", "GET /search", 200), fmt.Sprintf("10:0%d:00", minute)))
			}
			return b.String()
		}},
		{"failed share", 286, finding.Medium, finding.High, func(n int) string {
			return requests(600-n, "5ms", "GET /search", 200) + later(requests(n, "5ms", "GET /search", 502), "10:00:03")
		}},
	}
}

func scannerAgentThresholds() []threshold {
	return []threshold{
		{"requests", 5, finding.Low, finding.Medium, func(n int) string {
			return strings.Replace(requests(n, "1s", "GET /page{i}", 200), "Mozilla/5.0", "Nikto/2.5", 1)
		}},
	}
}

func injectionProbeThresholds() []threshold {
	return []threshold{
		{"one probe", 1, none, finding.Low, func(n int) string { return requests(n, "1s", "GET /a?q=1%27%20OR%201%3D1--%20-", 403) }},
		{"probes", 5, finding.Low, finding.Medium, func(n int) string {
			return requests(n, "1s", "GET /a?q=1%27%20OR%20{i}%3D{i}--%20-", 403)
		}},
		{"probe share", 6, finding.Low, finding.Medium, func(n int) string {
			return requests(1, "1s", "GET /a?q=1%27%20OR%201%3D1--%20-", 403) + requests(294, "1s", "GET /page{i%9}", 200) +
				later(requests(n-1, "1s", "GET /a?q=2%27%20OR%20{i}%3D{i}--%20-", 403), "10:10:00")
		}},
		{"broken", 3, finding.Low, finding.High, func(n int) string {
			return requests(1, "1s", "GET /a?q=1%27%20OR%201%3D1--%20-", 403) + requests(n, "1s", "GET /a?q=2%27%20OR%20{i}%3D{i}--%20-", 500)
		}},
	}
}

// fromMany writes n attempts from networks of their own.
func fromMany(n int, prefix, step string, status int, at string) string {
	return fmt.Sprintf(`repeat %d step %s {"timestamp":"2026-06-01T%sZ","client_ip":"%s{i}","method":"POST","path":"/api/login",`+
		`"status":%d,"principal":"victim"}`+"\n", n, step, at, prefix, status)
}

func distributedStuffingThresholds() []threshold {
	usual := fromMany(1, "198.51.99.", "1s", 401, "07:50:00") + fromMany(240, "198.51.100.", "30s", 200, "08:00:00")
	return []threshold{
		{"networks", 40, none, finding.Medium, func(n int) string { return fromMany(n, "192.0.2.", "10s", 401, "10:00:00") }},
		{"tries", 22, finding.Medium, none, func(n int) string { // (2·39 + 21 + 1) ÷ 40 = 2.5
			return fromMany(39, "192.0.2.", "1s", 401, "10:00:00") + fromMany(39, "192.0.2.", "1s", 401, "10:01:00") +
				fromMany(n, "192.0.2.", "1s", 401, "10:02:00") + fromMany(1, "192.0.3.", "1s", 401, "10:03:00")
		}},
		{"factor", 54, none, finding.Medium, func(n int) string {
			// Of each 90 that try 18 fail for good, so 18 are expected: three times as many are 54.
			var b strings.Builder
			for hour := range 8 {
				b.WriteString(fromMany(90, fmt.Sprintf("198.51.%d.", hour), "30s", 200, fmt.Sprintf("%02d:00:01", hour)))
				b.WriteString(fromMany(18, fmt.Sprintf("198.52.%d.", hour), "2m", 401, fmt.Sprintf("%02d:00:00", hour)))
			}
			return b.String() + fromMany(90, "198.51.9.", "30s", 200, "10:00:01") + fromMany(n, "192.0.2.", "48s", 401, "10:00:00")
		}},
		{"outage factor", 121, none, finding.Medium, func(n int) string { // estimated as 120
			// 30 get in within an hour, then nobody does: four times as many are 120.
			return fromMany(1, "198.51.99.", "1s", 401, "07:58:00") + fromMany(30, "198.51.100.", "1m", 200, "08:10:00") +
				fromMany(n, "192.0.2.", "10s", 401, "09:10:00")
		}},
		{"got in", 1, finding.Medium, finding.High, func(n int) string {
			return usual + fromMany(60, "192.0.2.", "5s", 401, "09:05:00") +
				strings.ReplaceAll(fromMany(n, "192.0.2.", "1s", 200, "09:11:00"), "victim", "other")
		}},
	}
}

func accountAttackThresholds() []threshold {
	return []threshold{
		{"networks", 10, none, finding.Medium, func(n int) string { return fromMany(n, "192.0.2.", "4m", 401, "10:00:00") }},
		{"window", 400, finding.Medium, none, func(n int) string {
			return fromMany(10, "192.0.2.", fmt.Sprintf("%ds", n), 401, "10:00:00")
		}},
		{"tries", 92, finding.Medium, none, func(n int) string { // (91 + 9) ÷ 10 = 10
			return login(n, 401, "victim", "10:00:00") + fromMany(9, "192.0.2.", "1s", 401, "10:05:00")
		}},
		{"account share", 9, none, finding.Medium, func(n int) string {
			return fromMany(1, "192.0.3.", "1s", 401, "09:59:00") + fromMany(3, "198.51.100.", "1s", 200, "10:00:00") +
				fromMany(n, "192.0.2.", "1s", 401, "10:01:00")
		}},
		{"got in", 1, finding.Medium, finding.High, func(n int) string {
			return fromMany(12, "192.0.2.", "1m", 401, "10:00:00") + fromMany(n, "192.0.3.", "1s", 200, "10:15:00")
		}},
	}
}

// sized writes n requests of the attacker, answered with so many bytes.
func sized(n int, step string, bytes int, at string) string {
	return strings.Replace(later(requests(n, step, "GET /export", 200), at), " 153 ", fmt.Sprintf(" %d ", bytes), 1)
}

func volumeAnomalyThresholds() []threshold {
	const day = `[01/Jun/2026:`
	// Thirty clients that come in two hours each, the last when the attacker does: the engine believes no single event that
	// is far ahead of all others.
	var usual strings.Builder
	for _, at := range []string{"04:59:30", "05:00:30"} {
		usual.WriteString(strings.NewReplacer("203.0.113.9", "198.51.100.{i}", day, `[31/May/2026:`).Replace(
			later(requests(30, "1h", "GET /page", 200), at)))
	}
	// An attacker that came in thirty hours before.
	own := strings.Replace(requests(300, "6m", "GET /export", 200), day, `[31/May/2026:`, 1)
	return []threshold{
		{"requests", 100, none, finding.Low, func(n int) string { return usual.String() + requests(n, "5s", "GET /search", 200) }},
		{"refused", 30, none, finding.Low, func(n int) string { return usual.String() + requests(n, "5s", "GET /search", 429) }},
		{"failed", 30, none, finding.Low, func(n int) string { return usual.String() + requests(n, "5s", "GET /search", 503) }},
		{"bytes", 20, none, finding.Low, func(n int) string { return usual.String() + sized(n, "5s", 1e6, "10:00:00") }},
		{"known by itself", 520, finding.Low, finding.Medium, func(n int) string {
			return own + later(requests(n, "2s", "GET /export", 200), "16:10:00")
		}},
		{"peers", 20, none, finding.Low, func(n int) string {
			return strings.ReplaceAll(usual.String(), "repeat 30", fmt.Sprintf("repeat %d", n+1)) + // what is known fades a little
				later(requests(400, "1s", "GET /search", 200), "01:00:10")
		}},
	}
}

// TestThresholds runs each detector one step below and at every threshold.
func TestThresholds(t *testing.T) {
	all := map[string][]threshold{
		"path_scan":            pathScanThresholds(),
		"sensitive_path":       sensitivePathThresholds(),
		"login_bruteforce":     loginBruteforceThresholds(),
		"credential_stuffing":  credentialStuffingThresholds(),
		"object_walk":          objectWalkThresholds(),
		"request_flood":        requestFloodThresholds(),
		"scanner_agent":        scannerAgentThresholds(),
		"injection_probe":      injectionProbeThresholds(),
		"distributed_stuffing": distributedStuffingThresholds(),
		"account_attack":       accountAttackThresholds(),
		"volume_anomaly":       volumeAnomalyThresholds(),
		"breadth_anomaly":      breadthAnomalyThresholds(),
		"traffic_surge":        trafficSurgeThresholds(),
		"traffic_drop":         trafficDropThresholds(),
		"exfiltration":         exfiltrationThresholds(),
		"error_spike":          errorSpikeThresholds(),
		"latency_shift":        latencyShiftThresholds(),
	}
	for _, d := range Catalog() {
		name := d.Spec().Name
		if len(all[name]) == 0 {
			t.Errorf("%s has no thresholds", name)
		}
		for _, tt := range all[name] {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				if got := highest(t, name, tt.script(tt.at-1)); got != tt.below {
					t.Errorf("one step below: %s, want %s", got, tt.below)
				}
				if got := highest(t, name, tt.script(tt.at)); got != tt.above {
					t.Errorf("at the threshold: %s, want %s", got, tt.above)
				}
			})
		}
	}
}

// highest is the highest severity that a detector gave.
func highest(t *testing.T, detector, script string) (most finding.Severity) {
	t.Helper()
	e := testEngine(t, testConfig())
	said := append(fold(e, parseScript(t, script)), flush(e)...)
	for i := range said {
		if said[i].Detector == detector {
			most = max(most, said[i].Severity)
		}
	}
	return most
}
