package detect

import (
	"fmt"
	"testing"
	"time"
	"unsafe"

	"gatewatch/internal/baseline"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

func troubleRefusals() []refusal {
	errors := func(change func(*ErrorSpikeConfig)) func() error {
		return func() error {
			c := DefaultErrorSpike()
			change(&c)
			return NewErrorSpike(c).Validate()
		}
	}
	latency := func(change func(*LatencyShiftConfig)) func() error {
		return func() error {
			c := DefaultLatencyShift()
			change(&c)
			return NewLatencyShift(c).Validate()
		}
	}
	return []refusal{
		{"alerts_per_day", errors(func(c *ErrorSpikeConfig) { c.AlertsPerDay = 0 })},
		{"errors", errors(func(c *ErrorSpikeConfig) { c.Errors = 1 })},
		{"clients", errors(func(c *ErrorSpikeConfig) { c.Clients = 1 })},
		{"share", errors(func(c *ErrorSpikeConfig) { c.Share = 0 })},
		{"ratio", errors(func(c *ErrorSpikeConfig) { c.Ratio = 0.5 })},
		{"alerts_per_day", latency(func(c *LatencyShiftConfig) { c.AlertsPerDay = 0 })},
		{"requests", latency(func(c *LatencyShiftConfig) { c.Requests = 1 })},
		{"ratio", latency(func(c *LatencyShiftConfig) { c.Ratio = 1 })},
		{"increase", latency(func(c *LatencyShiftConfig) { c.Increase = -1 })},
	}
}

// answered are n requests of many clients that are answered alike, from a time of the first of June on.
func answered(n int, step, path string, status int, at string) string {
	return fmt.Sprintf("repeat %d step %s 198.51.100.{i%%200} - - [01/Jun/2026:%s +0000] \"GET %s HTTP/1.1\" %d 5120 \"-\" %q\n",
		n, step, at, path, status, browserAgent)
}

func errorSpikeThresholds() []threshold {
	day := answered(800, "1m", "/page", 200, "00:00:30")
	return []threshold{
		{"errors", 5, none, finding.Low, func(n int) string { return day + answered(n, "15s", "/page", 503, "12:00:05") }},
		{"share", 6, none, finding.Low, func(n int) string { // of an hour, in which 120 are answered: 5 % of 126 are more than 6
			return day + answered(780, "1m", "/page", 200, "00:00:20") + answered(n, "6m", "/page", 503, "12:00:05")
		}},
		{"many clients", 201, finding.Low, finding.Medium, func(n int) string { // of two hundred
			return day + answered(n, "1s", "/gone", 404, "12:00:05")
		}},
		{"many", 20, finding.Low, finding.Medium, func(n int) string { return day + answered(n, "6s", "/page", 503, "12:00:05") }},
		{"very many", 50, finding.Medium, finding.High, func(n int) string { return day + answered(n, "3s", "/page", 503, "12:00:05") }},
		{"clients", 20, none, finding.Low, func(n int) string { return day + answered(n, "9s", "/gone", 404, "12:00:05") }},
		{"known", 99, none, finding.Low, func(n int) string { // of the endpoint; the first 20 let it in, and the first error counts
			return answered(n+20, "2m", "/page", 200, "00:00:30") + answered(10, "15s", "/page", 503, "09:00:05")
		}},
	}
}

// minuteOfService is what a minute of a service comes to, in which some requests fail.
func minuteOfService(minute, requests, failed int) Observation {
	at := start.Add(time.Duration(minute) * time.Minute)
	return Observation{
		Event: &event.Event{Service: "shop"}, Time: at.Add(time.Minute).UnixNano(), Settled: at.Add(time.Minute).UnixNano(),
		Tally:  &facet.Tally{From: at.UnixNano(), Requests: uint64(requests), Failed: uint64(failed)},
		meters: &meterings{}, hours: baseline.NewHours(nil, nil),
	}
}

// TestErrorSpikeGetsUsedToIt has a service fail for good, from its third day on: it is told for a day, and then no more.
func TestErrorSpikeGetsUsedToIt(t *testing.T) {
	d, meters := NewErrorSpike(DefaultErrorSpike()), &meterings{}
	var s errorSpikeState
	told := map[int]int{}
	for minute := range 7 * 24 * 60 {
		failed := 0
		if minute >= 2*24*60 {
			failed = minute % 3
		}
		o := minuteOfService(minute, 10, failed)
		o.meters = meters
		if _, so := d.Observe(&s, &o); so {
			told[minute/(24*60)]++
		}
	}
	if told[0]+told[1] > 0 || told[2] < 600 || told[3] > 60 || told[4]+told[5]+told[6] > 0 {
		t.Errorf("told by day: %v, want it on the third", told)
	}
}

// TestErrorSpikeIsNotMisled has errors of two hours in the first week: what it takes in the second to be told of is as
// much as it was.
func TestErrorSpikeIsNotMisled(t *testing.T) {
	d := NewErrorSpike(DefaultErrorSpike())
	level := func(flood int) float64 {
		var s errorSpikeState
		meters := &meterings{}
		for minute := range 7 * 24 * 60 {
			failed := 0
			if minute%100 == 0 {
				failed = 1
			}
			if minute >= 5000 && minute < 5000+flood {
				failed = 8
			}
			o := minuteOfService(minute, 10, failed)
			o.meters = meters
			d.Observe(&s, &o)
		}
		return s.Service.level()
	}
	if without, with := level(0), level(120); with > 1.6*without {
		t.Errorf("expected share %.5f with errors, %.5f without", with, without)
	}
}

// TestErrorSpikeEndpointsAreBounded has somebody make endpoints up: those that are really asked for stay.
func TestErrorSpikeEndpointsAreBounded(t *testing.T) {
	var s errorSpikeState
	for range 100 {
		s.endpoint(7, 50)
	}
	for name := range uint64(10 * errorEndpoints) {
		s.endpoint(1000+name, 21)
	}
	known := false
	for i := range s.Endpoints {
		known = known || s.Endpoints[i].Name == 7
	}
	if !known {
		t.Error("an endpoint that is asked for often made room for others that are not")
	}
	if size := unsafe.Sizeof(s); size > 16<<10 {
		t.Errorf("%d bytes", size)
	}
}

// TestTroubleOfManyPartitions has three partitions tell of a service with five endpoints, one of them a minute behind the
// others: when all of it fails and is slow, each detector tells it once.
func TestTroubleOfManyPartitions(t *testing.T) {
	_, facets := Split(Catalog())
	e, err := New(testConfig(), facets)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	emit := func(f *finding.Finding) {
		if f.Activity == finding.Create {
			told[f.Detector+" "+f.Entity.Value]++
		}
	}
	const trouble, minutes = 26 * 60, 26*60 + 10
	fold := func(partition, minute int) {
		at := start.Add(time.Duration(minute) * time.Minute)
		f := facet.Facet{Kind: event.KindService, Event: event.Event{Time: at.Add(time.Minute).UnixNano(), Service: "shop"}}
		f.Source.Partition = int32(partition)
		f.Tally = facet.Tally{From: at.UnixNano(), Requests: 15}
		slot := 16 + minute%3
		if minute >= trouble {
			f.Tally.Failed, slot = 6, slot+4
		}
		e.Fold(&f, emit)
		f.Kind, f.Event.Host = event.KindEndpoint, "shop.example"
		f.Tally.Requests, f.Tally.Failed = 3, f.Tally.Failed/3
		f.Tally.Durations[slot] = 3
		for i := range 5 {
			f.Event.Route = fmt.Sprintf("/page%d", i)
			e.Fold(&f, emit)
		}
	}
	for minute := range minutes {
		fold(0, minute)
		fold(1, minute)
		if minute > 0 {
			fold(2, minute-1)
		}
	}
	for _, detector := range []string{"error_spike", "latency_shift"} {
		if n := told[detector+" shop"]; n != 1 {
			t.Errorf("%s told %d times: %v", detector, n, told)
		}
	}
}
