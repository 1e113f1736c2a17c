package jsonlog

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bytedance/sonic"

	"gatewatch/internal/event"
)

// BenchmarkParse reads records into events: times, addresses, numbers and all.
func BenchmarkParse(b *testing.B) {
	for _, c := range corpora {
		b.Run(c.name, func(b *testing.B) {
			lines := corpus(corpusSize, c.line)
			p := parserOf(b, c.name)
			var e event.Event
			var bytes, i int
			b.ReportAllocs()
			for b.Loop() {
				line := lines[i%len(lines)]
				i++
				bytes += len(line)
				e.Reset()
				if err := p.Parse(line, &e); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(bytes / i))
		})
	}
}

// BenchmarkParseUnknownShape reads the same records with their keys in ever new orders: every one is walked and learned.
func BenchmarkParseUnknownShape(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	lines := corpus(corpusSize, nginxLine)
	for i, line := range lines {
		members := strings.Split(strings.Trim(string(line), "{}"), `,"`)
		for j := range members[1:] {
			members[j+1] = `"` + members[j+1]
		}
		r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		lines[i] = []byte("{" + strings.Join(members, ",") + "}")
	}
	p := parserOf(b, "nginx-json")
	var e event.Event
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		e.Reset()
		if err := p.Parse(lines[i%len(lines)], &e); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// nginxRecord is what the best library fills from the same lines: the fields that Parse fills, as the JSON has them,
// nothing parsed.
type nginxRecord struct {
	Time      string `json:"time_iso8601"`
	Addr      string `json:"remote_addr"`
	User      string `json:"remote_user"`
	Method    string `json:"request_method"`
	URI       string `json:"request_uri"`
	Protocol  string `json:"server_protocol"`
	Status    string `json:"status"`
	BodyBytes string `json:"body_bytes_sent"`
	Length    string `json:"request_length"`
	Duration  string `json:"request_time"`
	Upstream  string `json:"upstream_response_time"`
	Referrer  string `json:"http_referer"`
	Agent     string `json:"http_user_agent"`
	XFF       string `json:"http_x_forwarded_for"`
	Host      string `json:"http_host"`
	Scheme    string `json:"scheme"`
	RequestID string `json:"request_id"`
	TLS       string `json:"ssl_protocol"`
}

type envoyRecord struct {
	Authority string `json:":authority"`
	Received  int64  `json:"bytes_received"`
	Sent      int64  `json:"bytes_sent"`
	Remote    string `json:"downstream_remote_address"`
	Duration  int64  `json:"duration"`
	Method    string `json:"method"`
	Protocol  string `json:"protocol"`
	SNI       string `json:"requested_server_name"`
	Code      int64  `json:"response_code"`
	Flags     string `json:"response_flags"`
	Route     string `json:"route_name"`
	Start     string `json:"start_time"`
	Upstream  string `json:"upstream_host"`
	Agent     string `json:"user-agent"`
	Path      string `json:"x-envoy-origin-path"`
	Service   int64  `json:"x-envoy-upstream-service-time"`
	XFF       string `json:"x-forwarded-for"`
	RequestID string `json:"x-request-id"`
}

type ownRecord struct {
	Time      string `json:"timestamp"`
	ID        string `json:"event_id"`
	Method    string `json:"method"`
	Scheme    string `json:"scheme"`
	Host      string `json:"host"`
	Path      string `json:"path"`
	Query     string `json:"query"`
	Status    int64  `json:"status"`
	BytesIn   int64  `json:"bytes_in"`
	BodyBytes int64  `json:"body_bytes_out"`
	Duration  int64  `json:"duration_us"`
	Client    string `json:"client_ip"`
	Peer      string `json:"peer_ip"`
	XFF       string `json:"xff"`
	Agent     string `json:"user_agent"`
	Referrer  string `json:"referrer"`
	Version   string `json:"http_version"`
	RequestID string `json:"request_id"`
	Service   string `json:"service"`
	TLS       string `json:"tls_version"`
}

// BenchmarkLibrary is the limit to compare BenchmarkParse with, in the same run: sonic at its fastest, without copying
// strings, and the standard library.
func BenchmarkLibrary(b *testing.B) {
	var (
		nginx nginxRecord
		envoy envoyRecord
		own   ownRecord
	)
	decode := map[string]func(line string, bytes []byte) error{
		"sonic/nginx-json":            func(line string, _ []byte) error { return noCopy.UnmarshalFromString(line, &nginx) },
		"sonic/envoy-gateway-json":    func(line string, _ []byte) error { return noCopy.UnmarshalFromString(line, &envoy) },
		"sonic/gatewatch-json":        func(line string, _ []byte) error { return noCopy.UnmarshalFromString(line, &own) },
		"standard/nginx-json":         func(_ string, line []byte) error { return json.Unmarshal(line, &nginx) },
		"standard/envoy-gateway-json": func(_ string, line []byte) error { return json.Unmarshal(line, &envoy) },
		"standard/gatewatch-json":     func(_ string, line []byte) error { return json.Unmarshal(line, &own) },
	}
	for _, library := range []string{"sonic", "standard"} {
		for _, c := range corpora {
			name := library + "/" + c.name
			b.Run(name, func(b *testing.B) {
				lines := corpus(corpusSize, c.line)
				texts := make([]string, len(lines))
				for i, line := range lines {
					texts[i] = string(line)
				}
				decode := decode[name]
				var bytes, i int
				b.ReportAllocs()
				for b.Loop() {
					at := i % len(lines)
					i++
					bytes += len(lines[at])
					if err := decode(texts[at], lines[at]); err != nil {
						b.Fatal(err)
					}
				}
				b.SetBytes(int64(bytes / i))
			})
		}
	}
}

// noCopy lets the strings alias the line, as Parse does: sonic copies only when it is told to.
var noCopy = sonic.ConfigFastest

func BenchmarkRecognise(b *testing.B) {
	for _, c := range corpora {
		b.Run(c.name, func(b *testing.B) {
			lines := corpus(corpusSize, c.line)
			var r Recogniser
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				if r.Index(lines[i%len(lines)]) < 0 {
					b.Fatal("not recognised")
				}
				i++
			}
		})
	}
}
