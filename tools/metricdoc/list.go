package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// metric is one metric.
type metric struct{ name, kind, labels, help string }

// list takes registrations and remembers what they describe, by name.
type list map[string]metric

var _ prometheus.Registerer = list(nil)

// descriptor is how a Desc prints itself; it tells its parts in no other way.
var descriptor = regexp.MustCompile(`^Desc\{fqName: ("(?:[^"\\]|\\.)*"), help: ("(?:[^"\\]|\\.)*"), (?:unit: "[^"]*", )?constLabels: \{(.*)\}, variableLabels: \{(.*)\}\}$`)

// Register implements prometheus.Registerer.
func (l list) Register(c prometheus.Collector) error {
	descs := make(chan *prometheus.Desc)
	go func() {
		defer close(descs)
		c.Describe(descs)
	}()
	var err error
	for d := range descs {
		m, parseErr := parse(d.String())
		if parseErr != nil {
			err = parseErr
			continue
		}
		m.kind = kindOf(c, m.name)
		l[m.name] = m
	}
	return err
}

// MustRegister implements prometheus.Registerer.
func (l list) MustRegister(all ...prometheus.Collector) {
	for _, c := range all {
		if err := l.Register(c); err != nil {
			panic(err) // which a test shows
		}
	}
}

// Unregister implements prometheus.Registerer.
func (l list) Unregister(prometheus.Collector) bool { return true }

func parse(desc string) (metric, error) {
	m := descriptor.FindStringSubmatch(desc)
	if m == nil {
		return metric{}, fmt.Errorf("parsing %s", desc)
	}
	name, err := strconv.Unquote(m[1])
	if err != nil {
		return metric{}, fmt.Errorf("parsing %s: %w", desc, err)
	}
	help, err := strconv.Unquote(m[2])
	if err != nil {
		return metric{}, fmt.Errorf("parsing %s: %w", desc, err)
	}
	var labels []string
	for part := range strings.SplitSeq(m[3]+","+m[4], ",") {
		if label, _, _ := strings.Cut(part, "="); label != "" {
			labels = append(labels, "`"+label+"`")
		}
	}
	return metric{name: name, labels: strings.Join(labels, ", "), help: help}, nil
}

// kindOf is the type of a metric. A counter is known by its name, as the names are held to.
func kindOf(c prometheus.Collector, name string) string {
	switch c.(type) {
	case *prometheus.HistogramVec, prometheus.Histogram:
		return "histogram"
	default:
	}
	if strings.HasSuffix(name, "_total") {
		return "counter"
	}
	return "gauge"
}
