package main

import (
	"testing"
	"time"
)

func TestReaders(t *testing.T) {
	const at = "2026-03-04T05:06:07Z"
	for name, line := range map[string]string{
		"nginx-combined.log":               `192.0.2.21 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 1 "-" "x"`,
		"apache-vhost-combined.log":        `shop.example:80 192.0.2.21 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 1 "-" "x"`,
		"nginx-json.log":                   `{"time_iso8601":"2026-03-04T05:06:07+00:00","remote_addr":"192.0.2.21"}`,
		"haproxy.log":                      `Mar  4 05:06:08 edge haproxy[7]: 192.0.2.21:5000 [04/Mar/2026:05:06:07.000] shop site/site1 0/0/0/1/1`,
		"caddy.log":                        `{"ts":1772600767,"request":{"remote_ip":"192.0.2.21"}}`,
		"proxied/nginx-behind-haproxy.log": `203.0.113.14 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 1 "-" "x" "192.0.2.9, 192.0.2.21"`,
	} {
		entry, err := readers()[name](line)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := entry.Time.UTC().Format(time.RFC3339); entry.Address != "192.0.2.21" || got != at {
			t.Errorf("%s: read %s at %s, want 192.0.2.21 at %s", name, entry.Address, got, at)
		}
	}
}

func TestEveryLogHasAReader(t *testing.T) {
	for _, g := range gateways() {
		for _, log := range g.Logs {
			if readers()[log] == nil {
				t.Errorf("%s has no reader", log)
			}
		}
	}
}
