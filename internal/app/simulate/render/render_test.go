package render

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/site"
)

// nasty is a request whose texts hold what could end a field.
func nasty() site.Request {
	return site.Request{
		At: time.Date(2026, 3, 29, 1, 30, 0, 123e6, time.UTC).UnixNano(),
		From: &internet.Client{
			Addr: netip.MustParseAddr("2001:db8::1"), ASN: 64496, Country: "DE",
			Agent: internet.Agent{Name: `a "quoted" \ agent` + "\x01", HTTP: "HTTP/1.1", TLS: "TLSv1.3", JA4: "t13d"},
		},
		Method: "GET", Host: "www.kiosk.example", Service: "web", Path: []byte("/a"), Query: []byte(`q="x"`), User: "ü",
		Status: 404, Out: 548, Micros: 47200, Bearer: 1, ID: 2,
	}
}

func TestCombined(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	f, err := New("combined", zone)
	if err != nil {
		t.Fatal(err)
	}
	q := nasty()
	// 01:30 UTC is half an hour after the clocks of Berlin went from two to three.
	const want = `2001:db8::1 - \xC3\xBC [29/Mar/2026:03:30:00 +0200] "GET /a?q=\x22x\x22 HTTP/1.1" 404 548 "-" "a \x22quoted\x22 \x5C agent\x01"`
	if got := string(f.Append(nil, &q)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestJSON(t *testing.T) {
	f, err := New("nginx-json", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	q := nasty()
	line := f.Append(nil, &q)
	var got map[string]any
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	for key, want := range map[string]any{
		"http_user_agent": q.From.Agent.Name, "request_uri": `/a?q="x"`, "remote_user": "ü", "msec": "1774747800.123", "status": 404.0,
		"request_time": .047, "http_authorization": "Bearer at_0000000000000001", "asn": 64496.0, "time_iso8601": "2026-03-29T01:30:00+00:00",
	} {
		if got[key] != want {
			t.Errorf("%s: %v, want %v", key, got[key], want)
		}
	}
	if _, there := got["http_x_api_key"]; there {
		t.Error("a key is logged that was not sent")
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := New("xml", time.UTC); err == nil {
		t.Error("there is a format xml")
	}
}
