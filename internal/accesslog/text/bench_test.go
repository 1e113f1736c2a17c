package text_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/event"
)

// traffic makes lines of requests that differ from each other as those of a site do. It is seeded: every run measures the
// same lines.
type traffic struct{ *rand.Rand }

func newTraffic() traffic { return traffic{rand.New(rand.NewPCG(1, 2))} }

func (t traffic) pick(of ...string) string { return of[t.IntN(len(of))] }

func (t traffic) addr() string {
	if t.IntN(10) == 0 {
		return fmt.Sprintf("2001:db8:%x:%x::%x", t.IntN(0x10000), t.IntN(0x10000), t.IntN(0x10000))
	}
	return fmt.Sprintf("198.51.100.%d", t.IntN(256))
}

func (t traffic) clf() string {
	return fmt.Sprintf("10/Oct/2025:%02d:%02d:%02d +0200", t.IntN(24), t.IntN(60), t.IntN(60))
}

func (t traffic) iso() string {
	return fmt.Sprintf("2025-10-10T%02d:%02d:%02d.%03dZ", t.IntN(24), t.IntN(60), t.IntN(60), t.IntN(1000))
}

func (t traffic) path() string {
	p := fmt.Sprintf("/api/v1/%s/%d", t.pick("orders", "users", "carts", "products"), t.IntN(100000))
	if t.IntN(3) == 0 {
		p += fmt.Sprintf("?page=%d", t.IntN(100))
	}
	return p
}

func (t traffic) request() string {
	return t.pick("GET", "GET", "GET", "POST", "DELETE") + " " + t.path() + " HTTP/" + t.pick("1.1", "1.1", "2.0")
}

func (t traffic) status() string { return t.pick("200", "200", "200", "201", "301", "404", "500") }

func (t traffic) size() int { return t.IntN(50000) }

func (t traffic) agent() string {
	return t.pick(
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148",
		"python-requests/2.32.3", "curl/8.5.0",
	)
}

func (t traffic) referrer() string { return t.pick("-", "https://www.example.com/shop") }

func (t traffic) id() string { return fmt.Sprintf("%016x%016x", t.Uint64(), t.Uint64()) }

func (t traffic) common() string {
	return fmt.Sprintf(`%s - - [%s] "%s" %s %d`, t.addr(), t.clf(), t.request(), t.status(), t.size())
}

func (t traffic) combined() string {
	return fmt.Sprintf(`%s "%s" "%s"`, t.common(), t.referrer(), t.agent())
}

// lines are the generators by format.
var lines = map[string]func(traffic) string{
	"common":   traffic.common,
	"combined": traffic.combined,
	"combinedio": func(t traffic) string {
		return fmt.Sprintf("%s %d %d", t.combined(), t.size(), t.size())
	},
	"nginx-main": func(t traffic) string {
		return fmt.Sprintf(`%s "%s"`, t.combined(), t.addr())
	},
	"ingress-nginx": func(t traffic) string {
		return fmt.Sprintf("%s %d 0.%03d [shop-web-80] [] 10.1.2.%d:8080 %d 0.%03d 200 %s",
			t.combined(), t.size(), t.IntN(1000), t.IntN(256), t.size(), t.IntN(1000), t.id())
	},
	"vhost-combined": func(t traffic) string { return "www.example.com:443 " + t.combined() },
	"combined-plus":  func(t traffic) string { return t.combined() + " 0.123 shop" },
	"traefik-clf": func(t traffic) string {
		return fmt.Sprintf(`%s %d "web@docker" "http://10.1.2.3:80" %dms`, t.combined(), t.IntN(1e6), t.IntN(1000))
	},
	"envoy": func(t traffic) string {
		return fmt.Sprintf(`[%s] "%s" %s - %d %d %d %d "%s" "%s" "%s" "shop.example.com" "10.1.2.3:80"`,
			t.iso(), t.request(), t.status(), t.size(), t.size(), t.IntN(1000), t.IntN(1000), t.addr(), t.agent(), t.id())
	},
	"istio": func(t traffic) string {
		return fmt.Sprintf(`[%s] "%s" %s - via_upstream - "-" %d %d %d %d "-" "%s" "%s" "shop.example.com" "10.1.2.3:80" `+
			`outbound|80||shop 10.1.2.9:4000 10.1.2.9:8443 198.51.100.%d:%d shop.example.com default`,
			t.iso(), t.request(), t.status(), t.size(), t.size(), t.IntN(1000), t.IntN(1000), t.agent(), t.id(), t.IntN(256), t.IntN(65536))
	},
	"haproxy-http": haproxyLine,
	"haproxy-https": func(t traffic) string {
		return haproxyLine(t) + " 0/0/0/0/0 shop.example.com/TLSv1.3/TLS_AES_128_GCM_SHA256"
	},
	"haproxy-clf": func(t traffic) string {
		return fmt.Sprintf(`%s "" "" 52152 %d "web" "shop" "s1" 0 0 1 %d %d "----" 1 1 0 0 0 0 0 "" "" "" ""`,
			t.common(), t.IntN(1000), t.IntN(1000), t.IntN(1000))
	},
	"aws-alb": func(t traffic) string {
		return fmt.Sprintf(`https %s app/shop/50dc6c495c0c9188 198.51.100.%d:2817 10.0.0.1:80 0.000 0.%03d 0.000 %s 200 %d %d `+
			`"GET https://www.example.com:443%s HTTP/1.1" "%s" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:tg "Root=1-58337281-1d84f3d73c47ec4e58577259" `+
			`"www.example.com" "arn:aws:acm" 1 %s "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"`,
			t.iso(), t.IntN(256), t.IntN(1000), t.status(), t.size(), t.size(), t.path(), t.agent(), t.iso())
	},
	"apigw-clf": func(t traffic) string {
		return fmt.Sprintf(`%s - - [%s] "GET /pets/{id} HTTP/1.1" %s %d %s`, t.addr(), t.clf(), t.status(), t.size(), t.id())
	},
	"cloudfront": func(t traffic) string {
		return fmt.Sprintf("2025-10-10\t%02d:%02d:%02d\tFRA2-C1\t%d\t%s\tGET\td111111abcdef8.cloudfront.net\t/index.html\t%s\t-\tMozilla/5.0%%20(X11)\t-\t-\tHit\t%s"+
			"\twww.example.com\thttps\t62\t0.%03d\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tHit\tHTTP/2.0\t-\t-\t51754\t0.001\tHit\ttext/html\t20\t-\t-",
			t.IntN(24), t.IntN(60), t.IntN(60), t.size(), t.addr(), t.status(), t.id(), t.IntN(1000))
	},
	"iis": func(t traffic) string {
		return fmt.Sprintf("2025-10-10 %02d:%02d:%02d 10.0.0.1 GET /index.html - 443 - %s Mozilla/5.0+(X11) - %s 0 0 %d",
			t.IntN(24), t.IntN(60), t.IntN(60), t.addr(), t.status(), t.IntN(1000))
	},
}

func haproxyLine(t traffic) string {
	return fmt.Sprintf(`198.51.100.%d:%d [10/Oct/2025:%02d:%02d:%02d.%03d] web~ shop/s1 0/0/1/%d/%d %s %d - - ---- 12/12/3/1/0 0/0 "%s"`,
		t.IntN(256), t.IntN(65536), t.IntN(24), t.IntN(60), t.IntN(60), t.IntN(1000), t.IntN(1000), t.IntN(1000), t.status(), t.size(), t.request())
}

func manyLines(name string) (out [][]byte, size int) {
	t := newTraffic()
	for range 4096 {
		l := []byte(lines[name](t))
		out, size = append(out, l), size+len(l)
	}
	return out, size / len(out)
}

func definition(tb testing.TB, name string) format.Definition {
	tb.Helper()
	for _, d := range text.Definitions(0) {
		if d.Name == name {
			return d
		}
	}
	tb.Fatalf("no format %q", name)
	return format.Definition{}
}

func benchmark(b *testing.B, d format.Definition, sample string) {
	b.Helper()
	in, size := manyLines(sample)
	p := d.New()
	var e event.Event
	b.SetBytes(int64(size))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		e.Reset()
		if err := p.Parse(in[i], &e); err != nil {
			b.Fatalf("Parse(%q): %v", in[i], err)
		}
		if i++; i == len(in) {
			i = 0
		}
	}
}

func BenchmarkCommon(b *testing.B)     { benchmark(b, definition(b, "common"), "common") }
func BenchmarkCombined(b *testing.B)   { benchmark(b, definition(b, "combined"), "combined") }
func BenchmarkCombinedIO(b *testing.B) { benchmark(b, definition(b, "combinedio"), "combinedio") }

func BenchmarkCombinedPlus(b *testing.B) {
	benchmark(b, definition(b, "combined-plus"), "combined-plus")
}

func BenchmarkNginxMain(b *testing.B) { benchmark(b, definition(b, "nginx-main"), "nginx-main") }

func BenchmarkIngressNginx(b *testing.B) {
	benchmark(b, definition(b, "ingress-nginx"), "ingress-nginx")
}

func BenchmarkVhostCombined(b *testing.B) {
	benchmark(b, definition(b, "vhost-combined"), "vhost-combined")
}

func BenchmarkTraefik(b *testing.B)     { benchmark(b, definition(b, "traefik-clf"), "traefik-clf") }
func BenchmarkEnvoy(b *testing.B)       { benchmark(b, definition(b, "envoy"), "envoy") }
func BenchmarkIstio(b *testing.B)       { benchmark(b, definition(b, "istio"), "istio") }
func BenchmarkHAProxyHTTP(b *testing.B) { benchmark(b, definition(b, "haproxy-http"), "haproxy-http") }

func BenchmarkHAProxyHTTPS(b *testing.B) {
	benchmark(b, definition(b, "haproxy-https"), "haproxy-https")
}

func BenchmarkHAProxyCLF(b *testing.B) { benchmark(b, definition(b, "haproxy-clf"), "haproxy-clf") }
func BenchmarkALB(b *testing.B)        { benchmark(b, definition(b, "aws-alb"), "aws-alb") }
func BenchmarkAPIGateway(b *testing.B) { benchmark(b, definition(b, "apigw-clf"), "apigw-clf") }
func BenchmarkCloudFront(b *testing.B) { benchmark(b, definition(b, "cloudfront"), "cloudfront") }
func BenchmarkIIS(b *testing.B)        { benchmark(b, definition(b, "iis"), "iis") }

func BenchmarkCustomNginx(b *testing.B) {
	d, err := text.CompileNginx("combined", nginxCombined)
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, d, "combined")
}

func BenchmarkCustomApache(b *testing.B) {
	d, err := text.CompileApache("combined", apacheCombined)
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, d, "combined")
}

const (
	nginxCombined  = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`
	apacheCombined = `%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"`
)

// TestNoAllocations holds every format to it, once its parser has seen the lines: no format needs more than its buffers.
func TestNoAllocations(t *testing.T) {
	for name := range lines {
		t.Run(name, func(t *testing.T) {
			checkAllocations(t, definition(t, name), name)
		})
	}
	for name, compile := range map[string]func() (format.Definition, error){
		"custom nginx":  func() (format.Definition, error) { return text.CompileNginx("x", nginxCombined) },
		"custom apache": func() (format.Definition, error) { return text.CompileApache("x", apacheCombined) },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := compile()
			if err != nil {
				t.Fatal(err)
			}
			checkAllocations(t, d, "combined")
		})
	}
}

func checkAllocations(t *testing.T, d format.Definition, sample string) {
	t.Helper()
	in, _ := manyLines(sample)
	p := d.New()
	var e event.Event
	all := func() {
		for _, line := range in {
			e.Reset()
			if err := p.Parse(line, &e); err != nil {
				t.Fatalf("Parse(%q): %v", line, err)
			}
		}
	}
	if got := testing.AllocsPerRun(5, all); got != 0 {
		t.Errorf("%v allocations in %d lines, want none", got, len(in))
	}
	escaped := []byte(strings.Replace(string(in[0]), "/api", `/\x22api\x22`, 1))
	if got := testing.AllocsPerRun(5, func() { e.Reset(); _ = p.Parse(escaped, &e) }); got != 0 {
		t.Errorf("%v allocations for a line with escapes, want none", got)
	}
}
