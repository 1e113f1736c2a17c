package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"text/template"
	"time"
)

// Gateway is one entrance to the shop and the logs it writes.
type Gateway struct {
	Name string
	IPv4 string
	IPv6 string
	Logs []string
}

func gateways() map[string]Gateway {
	return map[string]Gateway{
		"nginx":   {"nginx", "203.0.113.10", "2001:db8::10", []string{"nginx-combined.log", "nginx-json.log"}},
		"apache":  {"apache", "203.0.113.11", "2001:db8::11", []string{"apache-combined.log", "apache-vhost-combined.log"}},
		"haproxy": {"haproxy", "203.0.113.12", "2001:db8::12", []string{"haproxy.log"}},
		"caddy":   {"caddy", "203.0.113.13", "2001:db8::13", []string{"caddy.log"}},
		"front": {
			"front", "203.0.113.14", "2001:db8::14",
			[]string{"haproxy-captured.log", "proxied/nginx-behind-haproxy.log"},
		},
	}
}

// Host is the gateway's address as the host of a URL, in the client's family.
func (g Gateway) Host(client string) string {
	if netip.MustParseAddr(client).Is6() {
		return "[" + g.IPv6 + "]"
	}
	return g.IPv4
}

// startServers starts the shop, the log receivers and the gateways. What it
// started is returned even if a later one fails.
func startServers(ctx context.Context, s Settings) ([]*Process, error) {
	file := func(name string) string { return filepath.Join(s.Dir, name) }
	bin := func(name string) string { return filepath.Join(s.Bin, name) }
	for _, name := range []string{
		"nginx.conf", "nginx-behind-haproxy.conf", "apache.conf", "haproxy.cfg", "Caddyfile",
	} {
		if err := fillTemplate(filepath.Join(s.Source, "gateways", name), file(name), s); err != nil {
			return nil, err
		}
	}
	var started []*Process
	for _, server := range []struct {
		name string
		argv []string
	}{
		{"site-page", []string{bin("site"), "-listen", "127.0.0.1:8080", "-login-failure", "page"}},
		{"site-redirect", []string{bin("site"), "-listen", "127.0.0.1:8081", "-login-failure", "redirect"}},
		{"syslogd-plain", []string{bin("syslogd"), "-listen", "127.0.0.1:5140", "-file", file("haproxy.log")}},
		{"syslogd-captured", []string{bin("syslogd"), "-listen", "127.0.0.1:5141", "-file", file("haproxy-captured.log")}},
		{"nginx", []string{"nginx", "-c", file("nginx.conf"), "-g", "daemon off;"}},
		{"nginx-behind", []string{"nginx", "-c", file("nginx-behind-haproxy.conf"), "-g", "daemon off;"}},
		{"apache", []string{"apache2", "-f", file("apache.conf"), "-D", "FOREGROUND"}},
		{"haproxy", []string{"haproxy", "-f", file("haproxy.cfg"), "-db"}},
		{"caddy", []string{"caddy", "run", "--config", file("Caddyfile"), "--adapter", "caddyfile"}},
	} {
		p, err := start(ctx, gatewaySpace, s.Dir, server.name, server.argv)
		if err != nil {
			return started, err
		}
		started = append(started, p)
		progress("started %s", server.name)
	}
	return started, settled(started)
}

// settled waits a moment and checks that every server still runs.
func settled(servers []*Process) error {
	time.Sleep(3 * time.Second)
	for _, p := range servers {
		select {
		case <-p.done:
			return fmt.Errorf("starting %s: it ended at once: %w", p.name, p.err)
		default:
		}
	}
	return nil
}

// fillTemplate writes a configuration with the run's folder filled in.
func fillTemplate(source, target string, s Settings) (err error) {
	config, err := template.ParseFiles(source)
	if err != nil {
		return fmt.Errorf("reading the configuration: %w", err)
	}
	out, err := os.Create(target)
	if err != nil {
		return fmt.Errorf("creating the configuration: %w", err)
	}
	if err := config.Execute(out, s); err != nil {
		_ = out.Close()
		return fmt.Errorf("writing %s: %w", target, err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("closing %s: %w", target, err)
	}
	return nil
}
