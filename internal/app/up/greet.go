package up

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"gatewatch/internal/config"
	"gatewatch/internal/embedded"
	"gatewatch/internal/telemetry"
	"gatewatch/internal/terminal/report"
)

// patience is how long the services may take to get ready before the user is told what they wait for.
const patience = 15 * time.Second

// greet waits until the services are ready, and says where everything is.
func (c *Config) greet(ctx context.Context, stack *embedded.Stack, cfg config.Config, at places, l *line) {
	began, told := time.Now(), false
	for !allOK(l.Ready(ctx)) {
		if !told && time.Since(began) > patience {
			told = true
			c.complain(ctx, l)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	if c.Quiet {
		return
	}
	w := c.Out
	if c.JSON {
		w = c.Err
	}
	c.banner(w, stack, cfg, at)
}

func allOK(checks []telemetry.Check) bool {
	for _, c := range checks {
		if !c.OK {
			return false
		}
	}
	return len(checks) > 0
}

func (c *Config) complain(ctx context.Context, l *line) {
	fmt.Fprintln(c.Err, "gatewatch: not ready yet; it waits for:")
	for _, check := range l.Ready(ctx) {
		if !check.OK {
			fmt.Fprintf(c.Err, "  %s: %s\n", report.Visible(check.Name), report.Visible(check.Detail))
		}
	}
}

// recipes are what sends a file's lines to TOPIC at BROKER, by shipper.
var recipes = []struct {
	name  string
	lines []string
}{
	{"kcat", []string{"tail -F access.log | kcat -P -b BROKER -t TOPIC"}},
	{"rsyslog", []string{
		`module(load="imfile") module(load="omkafka") template(name="line" type="string" string="%msg%")`,
		`input(type="imfile" file="/var/log/nginx/access.log" tag="nginx" ruleset="gatewatch")`,
		`ruleset(name="gatewatch") { action(type="omkafka" broker="BROKER" topic="TOPIC" template="line") }`,
	}},
	{"Vector", []string{
		"sources: {access: {type: file, include: [/var/log/nginx/access.log]}}",
		"sinks: {gatewatch: {type: kafka, inputs: [access], bootstrap_servers: 'BROKER', topic: TOPIC, encoding: {codec: raw_message}}}",
	}},
	{"Fluent Bit", []string{
		"fluent-bit -i tail -p path=/var/log/nginx/access.log -o kafka -p brokers=BROKER -p topics=TOPIC -p format=raw -p raw_log_key=log",
	}},
}

// banner says where everything listens, how to send logs, and where to look.
func (c *Config) banner(w io.Writer, stack *embedded.Stack, cfg config.Config, at places) {
	topic := "access.raw"
	if len(cfg.Kafka.Topics.Raw) > 0 {
		topic = cfg.Kafka.Topics.Raw[0]
	}
	host, port := split(stack.Kafka)
	clickhouseHost, clickhousePort := split(stack.ClickHouse)
	var b strings.Builder
	heading := func(s string) {
		if c.Screen.Colour && w == c.Out {
			s = "\x1b[1m" + s + "\x1b[0m"
		}
		fmt.Fprintf(&b, "\n%s\n", s)
	}
	fmt.Fprintf(&b, "\ngatewatch is up. Its data is in %s; Ctrl-C stops it, and the next start goes on from there.\n",
		report.Visible(c.Stack.Dir))
	heading("Send logs")
	for _, r := range recipes {
		for i, line := range r.lines {
			name := r.name
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "  %-11s %s\n", name, strings.NewReplacer("BROKER", stack.Kafka, "TOPIC", topic).Replace(line))
		}
	}
	if at.push != none {
		fmt.Fprintf(&b, "  %-11s curl --data-binary @access.log -H 'Content-Type: text/plain' http://%s/v1/logs\n", "curl", at.push)
	}
	heading("Look")
	fmt.Fprintf(&b, "  %-11s curl http://%s/ --data-binary 'SELECT detector, severity, entity, title FROM %s.findings_latest'\n",
		"SQL", stack.ClickHouseHTTP, cfg.ClickHouse.Database)
	fmt.Fprintf(&b, "  %-11s clickhouse-client --host %s --port %s --database %s\n", "", clickhouseHost, clickhousePort, cfg.ClickHouse.Database)
	fmt.Fprintf(&b, "  %-11s nats --server nats://%s subscribe 'gatewatch.findings.v1.>'\n", "NATS", stack.NATS)
	fmt.Fprintf(&b, "  %-11s kcat -C -b %s:%s -t %s\n", "Kafka", host, port, cfg.Kafka.Topics.Findings)
	if at.admin != none {
		fmt.Fprintf(&b, "  %-11s http://%s/metrics, /readyz\n", "metrics", at.admin)
	}
	heading("Findings")
	_, _ = io.WriteString(w, b.String()) // a reader that has gone is noticed where findings are printed
}

func split(address string) (host, port string) {
	at := strings.LastIndexByte(address, ':')
	return address[:at], address[at+1:]
}
