package pipeline

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gatewatch/internal/kafka"
)

// Metric is the sum of a service's metric over its labels.
func (p *Pipeline) Metric(service, name string) float64 {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, "http://"+p.Admin[service]+"/metrics", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	sum := 0.0
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		series, value, ok := strings.Cut(lines.Text(), " ")
		if base, _, _ := strings.Cut(series, "{"); !ok || base != name {
			continue
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			p.t.Fatal(err)
		}
		sum += v
	}
	return sum
}

// CPU is the CPU time that a service took, which has ended.
func (p *Pipeline) CPU(service string) time.Duration {
	state := p.ended[service]
	return state.UserTime() + state.SystemTime()
}

// Usage is what a service has used of the machine, which has ended.
func (p *Pipeline) Usage(service string) *syscall.Rusage {
	return p.ended[service].SysUsage().(*syscall.Rusage)
}

// Profile writes a profile of a service to a file: profile?seconds=3 is what it spends its CPU time on in the next seconds.
func (p *Pipeline) Profile(service, name, file string) error {
	url := "http://" + p.Admin[service] + "/debug/pprof/" + name
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, b)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o600)
}

// Records is how many records are in a topic.
func (p *Pipeline) Records(topic string) int64 {
	p.t.Helper()
	n, err := kafka.Records(p.t.Context(), p.Brokers, p.Topic(topic))
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}
