package ingest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gatewatch/internal/kafka"
	"gatewatch/internal/telemetry"
)

// reachTime is how long one attempt to reach Kafka may take.
const reachTime = 10 * time.Second

// pingTime is how long readiness waits for Kafka.
const pingTime = 2 * time.Second

// phase is how far the service has got.
type phase uint8

const (
	starting phase = iota
	connecting
	consuming
	stopping
)

// state is what readiness is told from, by other goroutines than those that work.
type state struct {
	mu     sync.Mutex
	phase  phase
	err    error // of the last attempt to reach Kafka
	runner *runner
}

func (s *state) set(p phase, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase, s.err = p, err
	if p == connecting {
		s.runner = nil // the one before has ended
	}
}

func (s *state) reads(r *runner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase, s.err, s.runner = consuming, nil, r
}

func (s *state) get() (phase, *runner, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase, s.runner, s.err
}

// Ready implements service.Service.
func (s *Service) Ready(ctx context.Context) []telemetry.Check {
	at, r, err := s.state.get()
	switch {
	case at == stopping:
		return []telemetry.Check{{Name: "kafka", Detail: "the service is stopping"}}
	case r == nil && err != nil:
		return []telemetry.Check{{Name: "kafka", Detail: err.Error()}}
	case r == nil:
		return []telemetry.Check{{Name: "kafka", Detail: "not connected yet"}}
	}
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	check := func(name string, err error) telemetry.Check {
		if err != nil {
			return telemetry.Check{Name: name, Detail: kafka.Explain(err).Error()}
		}
		return telemetry.Check{Name: name, OK: true}
	}
	joined := telemetry.Check{Name: "assigned", OK: r.consumer.Joined()}
	if joined.OK {
		joined.Detail = fmt.Sprintf("%d partitions", r.stream.assigned.Load())
	} else {
		joined.Detail = "waiting for the group to hand out partitions"
	}
	checks := []telemetry.Check{
		check("kafka", r.producer.Ping(ctx)),
		check("partitions", r.consumer.Trouble()),
		joined,
		s.ahead.Check(time.Now()),
	}
	if s.inputs.followed != nil {
		checks = append(checks, s.inputs.followed.Check())
	}
	return checks
}
