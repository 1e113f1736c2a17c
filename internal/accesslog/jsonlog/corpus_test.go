package jsonlog

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
)

const corpusSize = 4096

// corpus is distinct records of one writer, the same in every run.
func corpus(size int, line func(r *rand.Rand, i int) string) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([][]byte, 0, size)
	for i := range size {
		out = append(out, []byte(line(r, i)))
	}
	return out
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func address(r *rand.Rand) string {
	if r.IntN(8) == 0 {
		return fmt.Sprintf("2001:db8:%x::%x", r.IntN(1<<16), r.IntN(1<<16))
	}
	return fmt.Sprintf("%s%d", pick(r, "192.0.2.", "198.51.100.", "203.0.113."), r.IntN(256))
}

func uri(r *rand.Rand) string {
	return fmt.Sprintf("/api/v1/%s/%d/%s?page=%d&sort=created_at&limit=50&fields=id%%2Cname%%2Cstatus",
		pick(r, "orders", "users", "invoices", "products"), r.IntN(1e6), pick(r, "items", "history", "detail"), r.IntN(50))
}

func agent(r *rand.Rand) string {
	return pick(r,
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "python-requests/2.32.3",
		"okhttp/4.12.0")
}

func nginxLine(r *rand.Rand, i int) string {
	return fmt.Sprintf(`{"time_iso8601":"2026-11-22T14:%02d:%02d+00:00","remote_addr":"%s","remote_user":"-",`+
		`"request_method":"%s","request_uri":"%s","server_protocol":"HTTP/1.1","status":"%s","body_bytes_sent":"%d",`+
		`"request_length":"%d","request_time":"0.%03d","upstream_response_time":"0.%03d","http_referer":"https://shop.example.com/catalog/list",`+
		`"http_user_agent":"%s","http_x_forwarded_for":"-","http_host":"api.example.com","scheme":"https","request_id":"%016x%016x","ssl_protocol":"TLSv1.3"}`,
		i/60%60, i%60, address(r), pick(r, "GET", "GET", "POST", "PUT"), uri(r), pick(r, "200", "200", "304", "404", "500"),
		r.IntN(100000), 200+r.IntN(2000), r.IntN(1000), r.IntN(1000), agent(r), r.Uint64(), r.Uint64())
}

func envoyLine(r *rand.Rand, i int) string {
	return fmt.Sprintf(`{":authority":"api.example.com","bytes_received":%d,"bytes_sent":%d,"downstream_remote_address":"198.51.100.%d:%d",`+
		`"duration":%d,"method":"%s","protocol":"HTTP/2","requested_server_name":"api.example.com","response_code":%s,`+
		`"response_flags":"-","route_name":"api-v1","start_time":"2026-11-22T14:%02d:%02d.%03dZ","upstream_host":"10.42.0.%d:8080",`+
		`"user-agent":"%s","x-envoy-origin-path":"%s","x-envoy-upstream-service-time":%d,"x-forwarded-for":"%s","x-request-id":"%08x-2d5c-49fe-bd89-%012x"}`,
		r.IntN(2000), r.IntN(100000), r.IntN(256), 1024+r.IntN(60000), r.IntN(500), pick(r, "GET", "GET", "POST"),
		pick(r, "200", "200", "404", "503"), i/60%60, i%60, r.IntN(1000), r.IntN(256), agent(r), uri(r), r.IntN(400),
		address(r), r.Uint32(), r.Uint64()>>16)
}

func ownLine(r *rand.Rand, i int) string {
	return fmt.Sprintf(`{"timestamp":"2026-11-22T14:%02d:%02d.%06dZ","event_id":"%016x%016x","method":"%s","scheme":"https","host":"api.example.com",`+
		`"path":"/api/v1/%s/%d/items","query":"page=%d&sort=created_at&limit=50","status":%s,"bytes_in":%d,"body_bytes_out":%d,"duration_us":%d,`+
		`"client_ip":"%s","peer_ip":"198.51.100.7","xff":"192.0.2.1, 198.51.100.7","user_agent":"%s",`+
		`"referrer":"https://shop.example.com/catalog","http_version":"1.1","request_id":"%016x%016x","service":"orders","tls_version":"TLSv1.3"}`,
		i/60%60, i%60, r.IntN(1e6), r.Uint64(), r.Uint64(), pick(r, "GET", "POST"), pick(r, "orders", "users"), r.IntN(1e6), r.IntN(50),
		pick(r, "200", "200", "404"), r.IntN(2000), r.IntN(100000), r.IntN(1e6), address(r), agent(r), r.Uint64(), r.Uint64())
}

// parserOf is a fresh parser of a format by name.
func parserOf(tb testing.TB, name string) format.Parser {
	tb.Helper()
	for _, d := range Definitions() {
		if d.Name == name {
			return d.New()
		}
	}
	tb.Fatalf("no format %q", name)
	return nil
}

// The corpora with the formats that read them.
var corpora = []struct {
	name string
	line func(r *rand.Rand, i int) string
}{
	{"nginx-json", nginxLine},
	{"envoy-gateway-json", envoyLine},
	{"gatewatch-json", ownLine},
}

func TestCorpusIsReadWithoutAllocation(t *testing.T) {
	for _, c := range corpora {
		t.Run(c.name, func(t *testing.T) {
			lines := corpus(corpusSize, c.line)
			p := parserOf(t, c.name)
			var e event.Event
			i := 0
			parse := func() {
				line := lines[i%len(lines)]
				i++
				e.Reset()
				if err := p.Parse(line, &e); err != nil {
					t.Fatalf("Parse(%s) = %v", line, err)
				}
			}
			parse()
			if n := testing.AllocsPerRun(len(lines), parse); n != 0 {
				t.Errorf("%v allocations a line, want 0", n)
			}
		})
	}
}
