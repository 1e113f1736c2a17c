package jsonlog

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog/record"
	"gatewatch/internal/event"
)

var compareAddr = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

// parse reads lines by one parser and gives copies of the events.
func parse(t *testing.T, p format.Parser, line string) (event.Event, error) {
	t.Helper()
	var e event.Event
	err := p.Parse([]byte(line), &e)
	return e, err
}

// at is a time in nanoseconds since the Unix epoch; 1795357800 is 2026-11-22T14:30:00Z.
const at = int64(1795357800)

const second = int64(1e9)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

// with sets the numeric fields of an event, presence included.
func with(e event.Event, set ...func(*event.Event)) event.Event {
	for _, s := range set {
		s(&e)
	}
	return e
}

func statusOf(v int64) func(*event.Event)    { return func(e *event.Event) { e.SetStatus(v) } }
func inOf(v int64) func(*event.Event)        { return func(e *event.Event) { e.SetBytesIn(v) } }
func outOf(v int64) func(*event.Event)       { return func(e *event.Event) { e.SetBytesOut(v) } }
func bodyOf(v int64) func(*event.Event)      { return func(e *event.Event) { e.SetBodyBytesOut(v) } }
func tookOf(us int64) func(*event.Event)     { return func(e *event.Event) { e.SetDuration(us) } }
func upstreamOf(us int64) func(*event.Event) { return func(e *event.Event) { e.SetUpstream(us) } }
func asnOf(n uint32) func(*event.Event)      { return func(e *event.Event) { e.SetASN(n) } }

// sample is one record and the event in it.
type sample struct {
	name, format, line string
	want               event.Event
}

// recognise is the format of a line by its keys.
func recognise(line []byte) (format.Definition, bool) {
	var r Recogniser
	i := r.Index(line)
	if i < 0 {
		return format.Definition{}, false
	}
	return Definitions()[i], true
}

func TestParse(t *testing.T) {
	for _, tt := range samples {
		t.Run(tt.format+"/"+tt.name, func(t *testing.T) {
			got, err := parse(t, parserOf(t, tt.format), tt.line)
			if err != nil {
				t.Fatalf("Parse(%s) = %v", tt.line, err)
			}
			if diff := cmp.Diff(tt.want, got, compareAddr); diff != "" {
				t.Errorf("Parse(%s) (-want +got):\n%s", tt.line, diff)
			}
			d, ok := recognise([]byte(tt.line))
			if !ok || d.Name != tt.format {
				t.Errorf("recognise(%s) = %q, want %q", tt.line, d.Name, tt.format)
			}
		})
	}
}

func TestEveryFormatHasASample(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range samples {
		seen[s.format] = true
	}
	for _, d := range Definitions() {
		if !seen[d.Name] {
			t.Errorf("no sample of %s", d.Name)
		}
		if d.About == "" {
			t.Errorf("%s says nothing about itself", d.Name)
		}
	}
}

func TestReasons(t *testing.T) {
	const good = `"time_iso8601":"2026-11-22T14:30:00Z","remote_addr":"192.0.2.1","request_uri":"/"`
	tests := []struct {
		name, line string
		want       error
	}{
		{"good", `{` + good + `,"status":200}`, nil},
		{"status 0, the client left", `{` + good + `,"status":"000"}`, nil},
		{"quoted number", `{` + good + `,"status":"200","body_bytes_sent":"5"}`, nil},
		{"float of a whole number", `{` + good + `,"status":200.0}`, nil},
		{"no object", `[]`, format.BadSyntax},
		{"blank", ` `, format.Empty},
		{"trailing garbage", `{` + good + `,"status":200} x`, format.BadSyntax},
		{"cut", `{` + good + `,"status":20`, format.Truncated},
		{"too deep", `{` + good + `,"status":200,"x":` + strings.Repeat(`[`, 1000), format.TooDeep},
		{"other keys", `{"a":1}`, format.UnknownFormat},
		{"status no number", `{` + good + `,"status":"OK"}`, format.BadStatus},
		{"status of two digits", `{` + good + `,"status":99}`, format.BadStatus},
		{"status of four digits", `{` + good + `,"status":1000}`, format.BadStatus},
		{"status true", `{` + good + `,"status":true}`, format.BadStatus},
		{"NaN", `{` + good + `,"status":200,"request_time":NaN}`, format.BadNumber},
		{"quoted NaN", `{` + good + `,"status":200,"request_time":"NaN"}`, format.BadNumber},
		{"1e999", `{` + good + `,"status":200,"request_time":1e999}`, format.BadNumber},
		{"negative size", `{` + good + `,"status":200,"body_bytes_sent":-5}`, format.BadNumber},
		{"negative duration", `{` + good + `,"status":200,"request_time":-0.1}`, format.BadNumber},
		{"size overflows", `{` + good + `,"status":200,"body_bytes_sent":9223372036854775808}`, format.BadNumber},
		{"absent numbers", `{` + good + `,"status":200,"request_time":"-","body_bytes_sent":"","bytes_sent":null}`, nil},
		{"no time", `{"remote_addr":"192.0.2.1","request_uri":"/","status":200}`, format.BadTime},
		{"bad time", `{"time":"yesterday","remote_addr":"192.0.2.1","request_uri":"/","status":200}`, format.BadTime},
		{"bad address", `{"msec":1795357800.5,"remote_addr":"1.2.3.400","request_uri":"/","status":200}`, format.BadAddress},
		{"no address", `{"msec":1795357800.5,"remote_addr":"-","request_uri":"/","status":200}`, format.BadAddress},
		{"a name for an address", `{"msec":1795357800.5,"remote_addr":"client.example.com","request_uri":"/","status":200}`, nil},
		{"no request", `{"msec":1795357800.5,"remote_addr":"192.0.2.1","request_uri":"","status":"-"}`, format.MissingField},
		{"no request, answered", `{"msec":1795357800.5,"remote_addr":"192.0.2.1","request_uri":"","status":400}`, nil},
		{"neither request nor answer", `{"msec":1795357800.5,"remote_addr":"192.0.2.1","request_uri":"","status":0}`, format.SkipLine},
		{"garbage for a request", `{"msec":1795357800.5,"remote_addr":"192.0.2.1","request":"\u0016\u0003\u0001","status":400}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(t, parserOf(t, "nginx-json"), tt.line)
			if !errors.Is(err, tt.want) {
				t.Errorf("Parse(%s) = %v, want %v", tt.line, err, tt.want)
			}
		})
	}
}

func TestStringsAndDuplicates(t *testing.T) {
	tests := []struct {
		name, members string
		want          func(*event.Event)
	}{
		{"escapes", `"http_user_agent":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, func(e *event.Event) { e.UserAgent = "a\"\\/\b\f\n\r\té😀" }},
		{"lone surrogates", `"http_user_agent":"\ud800x\udc00"`, func(e *event.Event) { e.UserAgent = "\ufffdx\ufffd" }},
		{"invalid UTF-8 is kept", "\"http_user_agent\":\"\xff\xc3(\"", func(e *event.Event) { e.UserAgent = "\xff\xc3(" }},
		{"an escaped key", `"http_us\u0065r_agent":"ua"`, func(e *event.Event) { e.UserAgent = "ua" }},
		{"the last duplicate counts", `"body_bytes_sent":1,"body_bytes_sent":2`, bodyOf(2)},
		{"the last duplicate counts, though absent", `"body_bytes_sent":1,"body_bytes_sent":null`, func(*event.Event) {}},
		{"nested and dotted are duplicates", `"x":{"y":1},"x.y":2`, func(e *event.Event) { e.Unmapped = []event.Pair{{Key: "x.y", Value: "2"}} }},
		{"boolean and number as text", `"http_user_agent":true,"remote_user":7`, func(e *event.Event) { e.UserAgent, e.Principal = "true", "7" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line := `{"msec":1795357800,"remote_addr":"192.0.2.1","request_uri":"/","status":200,` + tt.members + `}`
			want := with(event.Event{Time: at * second, Client: addr("192.0.2.1"), Peer: addr("192.0.2.1"), Path: "/"}, statusOf(200), tt.want)
			p := parserOf(t, "nginx-json")
			for _, by := range []string{"walk", "shape"} {
				got, err := parse(t, p, line)
				if err != nil {
					t.Fatalf("Parse(%s) by the %s = %v", line, by, err)
				}
				if diff := cmp.Diff(want, got, compareAddr); diff != "" {
					t.Errorf("Parse(%s) by the %s (-want +got):\n%s", line, by, diff)
				}
			}
		})
	}
}

func TestRecordsOfAnotherKindAreSkipped(t *testing.T) {
	tests := []struct{ name, format, line string }{
		{
			"a log of Caddy that is no access log", "caddy-json",
			`{"logger":"http.handlers.proxy","ts":1795357800,"request":{"remote_ip":"192.0.2.1","uri":"/"},"status":502}`,
		},
		{"a firewall log of Azure", "azure-appgw-json", `{"category":"ApplicationGatewayFirewallLog","timeStamp":"2026-11-22T14:30:00Z",` +
			`"properties":{"clientIP":"192.0.2.1","requestUri":"/"}}`},
		{"another class of OCSF", "ocsf-json", `{"class_uid":6003,"time":1795357800000,"src_endpoint":{"ip":"192.0.2.1"},"http_request":{"http_method":"GET"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := parse(t, parserOf(t, tt.format), tt.line); !errors.Is(err, format.SkipLine) {
				t.Errorf("Parse(%s) = %v, want %v", tt.line, err, format.SkipLine)
			}
		})
	}
}

func TestSecretsAreNeverUnmapped(t *testing.T) {
	const secret = "s3cr3t"
	tests := []struct{ name, format, line, credential, session string }{
		{"Caddy", "caddy-json", `{"logger":"http.log.access","ts":1795357800,"request":{"remote_ip":"192.0.2.1","method":"GET","uri":"/",` +
			`"headers":{"Authorization":["Bearer s3cr3t"],"Cookie":["theme=dark; JSESSIONID=s3cr3t-id; x=s3cr3t"],"X-Csrf-Token":["s3cr3t"]}},` +
			`"status":200,"resp_headers":{"Set-Cookie":["a=s3cr3t"]}}`, "Bearer s3cr3t", "s3cr3t-id"},
		{
			"Kong", "kong-json", `{"client_ip":"192.0.2.1","started_at":1795357800000,"request":{"method":"GET","uri":"/x?a=1","querystring":{"k":"s3cr3t"},` +
				`"headers":{"apikey":"s3cr3t","cookie":"plain=s3cr3t"}},"response":{"status":200,"headers":{"set-cookie":"s3cr3t"}},"latencies":{"request":1}}`,
			"s3cr3t", "",
		},
		{"Envoy", "envoy-json", `{"start_time":"2026-11-22T14:30:00Z","response_code":200,"path":"/","downstream_remote_address":"192.0.2.1:5",` +
			`"authorization":"Basic s3cr3t","req_cookie":"sid=s3cr3t","resp_set_cookie":"s3cr3t","X_API_KEY":"s3cr3t"}`, "s3cr3t", "s3cr3t"},
		{"Traefik", "traefik-json", `{"time":"2026-11-22T14:30:00Z","ClientAddr":"192.0.2.1:5","RequestMethod":"GET","RequestPath":"/","DownstreamStatus":200,` +
			`"request_Authorization":"s3cr3t","downstream_Set-Cookie":"s3cr3t","origin_X-Api-Key":"s3cr3t","request_Cookie":"session=s3cr3t"}`, "s3cr3t", "s3cr3t"},
		{"nginx", "nginx-json", `{"msec":1795357800.5,"remote_addr":"192.0.2.1","request_uri":"/","status":200,"http_cookie":"sid=s3cr3t",` +
			`"http_authorization":"s3cr3t","sent_http_set_cookie":"s3cr3t","cookies":{"a":"s3cr3t"}}`, "s3cr3t", "s3cr3t"},
		{"CloudFront", "cloudfront-json", `{"date":"2026-11-22","time":"14:30:00","c-ip":"192.0.2.1","cs-uri-stem":"/","sc-status":"200",` +
			`"cs(Cookie)":"a=1;%20sessionid=s3cr3t","cs(Authorization)":"s3cr3t"}`, "s3cr3t", "s3cr3t"},
		{"blanked by the writer", "caddy-json", `{"logger":"http.log.access","ts":1795357800,"request":{"remote_ip":"192.0.2.1","method":"GET","uri":"/",` +
			`"headers":{"Authorization":["REDACTED"]}},"status":200}`, "", ""},
		{"headers in bulk", "gcp-lb-json", `{"timestamp":"2026-11-22T14:30:00Z","httpRequest":{"requestUrl":"https://e.example/","requestMethod":"GET",` +
			`"remoteIp":"192.0.2.1","headers":[{"name":"authorization","value":"s3cr3t"}]}}`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(t, parserOf(t, tt.format), tt.line)
			if err != nil {
				t.Fatalf("Parse(%s) = %v", tt.line, err)
			}
			if got.Credential != tt.credential || got.Session != tt.session {
				t.Errorf("credential %q, session %q; want %q, %q", got.Credential, got.Session, tt.credential, tt.session)
			}
			for _, p := range got.Unmapped {
				if strings.Contains(p.Value, secret) {
					t.Errorf("Unmapped has %s=%s", p.Key, p.Value)
				}
			}
		})
	}
}

// shuffled is a record of the given members in a random order, with random space and omissions.
func shuffled(r *rand.Rand, members []string) string {
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	keep := members[:len(members)-r.IntN(4)]
	return "{" + strings.Join(keep, pick(r, ",", ",", " , ")) + "}"
}

func TestMemoryChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	long := parserOf(t, "nginx-json")
	members := []string{
		`"time_iso8601":"2026-11-22T14:30:00Z"`, `"msec":1795357800.123`, `"remote_addr":"192.0.2.1"`, `"request_uri":"/a?b=c"`,
		`"uri":"/other"`, `"request":"GET /line HTTP/1.1"`, `"status":"200"`, `"status":404`, `"body_bytes_sent":null`, `"args":"x=y"`,
		`"http_user_agent":"a \"quoted\" agent \u00e9"`, `"x":{"y":{"z":[1,{"a":"b"}]}}`, `"x":{"w":true}`, `"x.y.v":-1.5e3`,
		`"request_time":0.5`, `"request_time":"bad"`, `"@nginx_fields":{"host":"nested.example.com"}`, `"e":{}`, `"é":"ü"`, `"n":""`,
	}
	for range 20_000 {
		line := shuffled(r, members)
		if r.IntN(10) == 0 {
			line = line[:r.IntN(len(line))]
		}
		got, gotErr := parse(t, long, line)
		want, wantErr := parse(t, parserOf(t, "nginx-json"), line)
		if !errors.Is(gotErr, wantErr) {
			t.Fatalf("Parse(%s) = %v, by a fresh parser %v", line, gotErr, wantErr)
		}
		if diff := cmp.Diff(want, got, compareAddr); gotErr == nil && diff != "" {
			t.Fatalf("Parse(%s) (-fresh +long-lived):\n%s", line, diff)
		}
	}
}

func TestOrderOfKeysDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	members := []string{
		`"time_iso8601":"2026-11-22T14:30:00Z"`, `"msec":1795357800.123`, `"remote_addr":"192.0.2.1"`, `"request_uri":"/a?b=c"`,
		`"uri":"/other"`, `"request":"GET /line?q HTTP/1.1"`, `"status":"200"`, `"args":"x=y"`, `"server_name":"a"`, `"http_host":"b"`,
	}
	p := parserOf(t, "nginx-json")
	want, err := parse(t, p, "{"+strings.Join(members, ",")+"}")
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		line := "{" + strings.Join(members, ",") + "}"
		got, err := parse(t, p, line)
		if err != nil {
			t.Fatalf("Parse(%s) = %v", line, err)
		}
		if diff := cmp.Diff(want, got, compareAddr); diff != "" {
			t.Fatalf("Parse(%s) (-want +got):\n%s", line, diff)
		}
	}
}

func TestTruncationAtEveryByte(t *testing.T) {
	for _, s := range samples {
		p := parserOf(t, s.format)
		for range 2 { // by the walk, then by the shape
			if _, err := parse(t, p, s.line); err != nil {
				t.Fatalf("Parse(%s) = %v", s.line, err)
			}
		}
		for n := 1; n < len(s.line); n++ {
			if _, err := parse(t, p, s.line[:n]); !errors.Is(err, format.Truncated) {
				t.Fatalf("Parse(%s) = %v, want %v", s.line[:n], err, format.Truncated)
			}
		}
		if _, ok := recognise([]byte(s.line[:len(s.line)-1])); ok {
			t.Errorf("recognise accepts half a record")
		}
	}
}

func TestLimitsLoseNoField(t *testing.T) {
	var line strings.Builder
	line.WriteString(`{"junk":{`)
	for i := range 2000 {
		line.WriteString(`"` + strings.Repeat("k", i%50) + string(rune('a'+i%26)) + strings.Repeat("x", i/50) + `":1,`)
	}
	line.WriteString(`"end":1},"msec":1795357800.5,"remote_addr":"192.0.2.1","request_uri":"/late","status":200}`)
	p := parserOf(t, "nginx-json")
	for range 2 {
		got, err := parse(t, p, line.String())
		if err != nil {
			t.Fatal(err)
		}
		if got.Path != "/late" || got.Status != 200 {
			t.Errorf("path %q, status %d; want the fields behind 2000 others", got.Path, got.Status)
		}
		if len(got.Unmapped) != record.MaxUnmapped {
			t.Errorf("%d unmapped fields, want %d", len(got.Unmapped), record.MaxUnmapped)
		}
	}
}

func TestOwnJSONComesBack(t *testing.T) {
	for _, s := range samples {
		t.Run(s.format+"/"+s.name, func(t *testing.T) {
			line := s.want.AppendJSON(nil)
			got, err := parse(t, parserOf(t, "gatewatch-json"), string(line))
			if err != nil {
				t.Fatalf("Parse(%s) = %v", line, err)
			}
			if diff := cmp.Diff(s.want, got, compareAddr); diff != "" {
				t.Errorf("Parse(%s) (-want +got):\n%s", line, diff)
			}
		})
	}
}
