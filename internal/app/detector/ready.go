package detector

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gatewatch/internal/telemetry"
)

const (
	// pingTime is how long a neighbour may take to answer.
	pingTime = 2 * time.Second
	// clockMemory is how long events ahead of the clock are spoken of.
	clockMemory = time.Minute
)

// clock remembers events that were ahead of it.
type clock struct {
	mu   sync.Mutex // guards last and lead
	last time.Time
	lead time.Duration
}

func (c *clock) note(now time.Time, lead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, c.lead = now, lead
}

func (c *clock) check(now time.Time) telemetry.Check {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last.IsZero() || now.Sub(c.last) > clockMemory {
		return telemetry.Check{Name: "clock", OK: true}
	}
	return telemetry.Check{Name: "clock", Detail: fmt.Sprintf(
		"events are up to %s ahead of this machine's clock: set the clock of the gateway that logs them, or this one's",
		c.lead.Round(time.Minute))}
}

// Ready implements service.Service.
func (d *Detector) Ready(ctx context.Context) []telemetry.Check {
	near := d.near.Load()
	if near == nil {
		detail := d.faults.Of("start")
		if detail == "" {
			detail = "connecting"
		}
		return []telemetry.Check{{Name: "start", Detail: detail}}
	}
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	checks := make([]telemetry.Check, 3)
	var g sync.WaitGroup
	g.Go(func() { checks[0] = d.kafkaCheck(ctx) })
	g.Go(func() { checks[1] = d.sinkCheck("clickhouse", near.Store.Ping(ctx)) })
	g.Go(func() { checks[2] = d.sinkCheck("nats", near.Publisher.Ping(ctx)) })
	g.Wait()
	return append(checks, d.partitionsCheck(), d.lagCheck(), d.sinkCheck("disk", nil), d.sinkCheck("checkpoint", nil),
		d.clock.check(time.Now()))
}

func (d *Detector) kafkaCheck(ctx context.Context) telemetry.Check {
	check := telemetry.Check{Name: "kafka", OK: true}
	for _, s := range d.stages {
		s.mu.Lock()
		consumer := s.consumer
		s.mu.Unlock()
		if consumer == nil {
			return telemetry.Check{Name: "kafka", Detail: "connecting"}
		}
		err := consumer.Trouble()
		if err == nil {
			err = consumer.Ping(ctx)
		}
		if err != nil {
			return telemetry.Check{Name: "kafka", Detail: err.Error()}
		}
	}
	return check
}

// sinkCheck tells what is wrong with a neighbour: what it last refused, or that it does not answer.
func (d *Detector) sinkCheck(name string, ping error) telemetry.Check {
	detail := d.faults.Of(name)
	if detail == "" && ping != nil {
		detail = ping.Error()
	}
	return telemetry.Check{Name: name, OK: detail == "", Detail: detail}
}

func (d *Detector) partitionsCheck() telemetry.Check {
	check := telemetry.Check{Name: "partitions", OK: true}
	for i, s := range d.stages {
		workers, live := s.all(), 0
		for _, w := range workers {
			if st := state(w.gauges.state.Load()); st == stateLive || st == stateReplaying {
				live++
			}
		}
		s.mu.Lock()
		assigned := s.assigned
		s.mu.Unlock()
		check.OK = check.OK && assigned && live == len(workers)
		if i > 0 {
			check.Detail += ", "
		}
		check.Detail += fmt.Sprintf("%s: %d of %d live", s.name, live, len(workers))
		if !assigned {
			check.Detail += ", waiting for the group"
		}
	}
	return check
}

func (d *Detector) lagCheck() telemetry.Check {
	check := telemetry.Check{Name: "lag", OK: true}
	for _, s := range d.stages {
		for _, w := range s.all() {
			lag := w.gauges.waiting.Load()
			if lag > d.cfg.MaxLag && check.OK {
				check.OK = false
				check.Detail = fmt.Sprintf("%d records of %s wait, more than %d", lag, w.source, d.cfg.MaxLag)
			}
		}
	}
	return check
}
