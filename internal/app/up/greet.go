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

// recipes are what sends a file's lines to TOPIC at BROKER, or with HTTP to PUSH, by shipper. They fit on 80 columns, and
// work as they are when they are copied.
var recipes = []struct {
	name, needs string // needs is the placeholder without which there is no recipe
	lines       []string
}{
	{"kcat", "BROKER", []string{"tail -F access.log | kcat -P -b BROKER -t TOPIC"}},
	{"curl", "PUSH", []string{
		`curl -H 'Content-Type: text/plain' --data-binary @access.log \`,
		`  http://PUSH/v1/logs`,
	}},
	{"rsyslog", "BROKER", []string{
		`module(load="imfile") module(load="omkafka")`,
		`template(name="line" type="string" string="%msg%")`,
		`input(type="imfile" file="/var/log/nginx/access.log" tag="nginx"`,
		`  ruleset="gatewatch")`,
		`ruleset(name="gatewatch") { action(type="omkafka" broker="BROKER"`,
		`  topic="TOPIC" template="line" partitions.auto="on") }`,
	}},
	{"Vector", "BROKER", []string{
		"{sources: {access: {type: file, include: [/var/log/nginx/access.log]}},",
		"  sinks: {gatewatch: {type: kafka, inputs: [access], topic: TOPIC,",
		"  bootstrap_servers: 'BROKER', encoding: {codec: raw_message}}}}",
	}},
	{"Fluent Bit", "BROKER", []string{
		`fluent-bit -i tail -p path=/var/log/nginx/access.log \`,
		`  -o kafka -p brokers=BROKER -p topics=TOPIC \`,
		`  -p format=raw -p raw_log_key=log`,
	}},
}

// banner says where everything listens, how to send logs, and where to look.
func (c *Config) banner(w io.Writer, stack *embedded.Stack, cfg config.Config, at places) {
	clickhouseHost, clickhousePort := split(stack.ClickHouse)
	var b strings.Builder
	heading := func(s, note string) {
		if c.Screen.Colour && w == c.Out {
			s = "\x1b[1m" + s + "\x1b[0m"
		}
		fmt.Fprintf(&b, "\n%s%s\n", s, note)
	}
	fmt.Fprintf(&b, "\ngatewatch is up. Ctrl-C stops it; the next start goes on from there.\nIts data is in %s\n",
		report.Visible(c.Stack.Dir))
	heading("Send logs", "")
	send(&b, stack.Kafka, rawTopic(&cfg), at.push)
	heading("Look", "")
	look := func(name, format string, a ...any) {
		fmt.Fprintf(&b, "  %-11s %s\n", name, fmt.Sprintf(format, a...))
	}
	look("SQL", `curl http://%s/ --data-binary \`, stack.ClickHouseHTTP)
	look("", "  'SELECT detector, severity, entity FROM %s.findings_latest'", cfg.ClickHouse.Database)
	look("", "clickhouse-client --host %s --port %s --database %s", clickhouseHost, clickhousePort, cfg.ClickHouse.Database)
	look("Kafka", "kcat -C -b %s -t %s", stack.Kafka, cfg.Kafka.Topics.Findings)
	look("NATS", "nats --server nats://%s subscribe 'gatewatch.findings.v1.>'", stack.NATS)
	if at.admin != none {
		look("metrics", "http://%s/metrics, /readyz", at.admin)
	}
	if len(cfg.Alerter.Receivers) == 0 {
		look("alerts", "nobody is told: start it with --webhook URL, or --config FILE")
	}
	heading("Findings", ", at the times of the log in UTC")
	_, _ = io.WriteString(w, b.String()) // a reader that has gone is noticed where findings are printed
}

// send writes the recipes.
func send(w io.Writer, broker, topic, push string) {
	places := strings.NewReplacer("BROKER", broker, "TOPIC", topic, "PUSH", push)
	for _, r := range recipes {
		if r.needs == "PUSH" && push == none {
			continue
		}
		name := r.name
		for _, line := range r.lines {
			fmt.Fprintf(w, "  %-11s %s\n", name, places.Replace(line))
			name = ""
		}
	}
}

// rawTopic is a topic that raw lines are read from.
func rawTopic(cfg *config.Config) string {
	if len(cfg.Kafka.Topics.Raw) > 0 {
		return cfg.Kafka.Topics.Raw[0]
	}
	return "access.raw"
}

func split(address string) (host, port string) {
	at := strings.LastIndexByte(address, ':')
	return address[:at], address[at+1:]
}
