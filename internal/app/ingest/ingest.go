// Package ingest is the service that reads what shippers sent: raw lines from Kafka, from files and over HTTP become
// canonical events in a topic keyed by network entity, and lines that cannot be read go to another with the reason.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"gatewatch/internal/app/ingest/ahead"
	"gatewatch/internal/app/ingest/limit"
	"gatewatch/internal/app/ingest/reading"
	"gatewatch/internal/app/ingest/tick"
	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/disk"
	"gatewatch/internal/kafka"
)

// Service is the ingest service.
type Service struct {
	cfg     config.Config
	kafka   kafka.Config
	log     *slog.Logger
	metrics *metrics
	env     service.Env
	reading atomic.Pointer[reading.Reading]
	inputs  inputs
	limits  limit.Limits
	// patience is how long partitions wait for each other; tests on slow machines have more of it.
	patience time.Duration
	// instance is the instance's lasting name, "" without a directory to keep one in.
	instance string
	state    state
	ahead    ahead.Memory
	clock    tick.Clock // what time it is by the log
}

// Build makes the service of its configuration.
func Build(cfg config.Config, env service.Env) (service.Service, error) {
	if env.Log == nil {
		env.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{cfg: cfg, log: env.Log, env: env, limits: limit.Limits{}, patience: defaultPatience}
	var err error
	if s.kafka, err = service.Kafka(cfg); err != nil {
		return nil, err
	}
	s.kafka.Log, s.kafka.Metrics = env.Log, env.Metrics
	r, notice, err := reading.New(&cfg, env)
	if err != nil {
		return nil, err
	}
	if notice != "" {
		env.Log.Warn("no lasting hash key", "notice", notice)
	}
	s.reading.Store(r)
	if s.inputs, err = newInputs(&cfg, env); err != nil {
		return nil, err
	}
	if s.metrics, err = newMetrics(env.Metrics); err != nil {
		return nil, fmt.Errorf("registering metrics: %w", err)
	}
	return s, nil
}

// Run implements service.Service.
func (s *Service) Run(ctx context.Context) error {
	defer s.identify(ctx)()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.serveOn(ctx) })
	if s.inputs.push != nil {
		group.Go(func() error {
			return s.inputs.posted.Run(ctx, s.kafka, 2*s.cfg.Ingest.Push.MaxPending, s.inputs.push)
		})
	}
	if s.inputs.geo != nil {
		group.Go(func() error { return s.inputs.geo.Run(ctx) })
	}
	return group.Wait()
}

// identify takes the instance's lasting name. One that has none is a member like any other, for whom the group waits a
// while when it crashes.
func (s *Service) identify(ctx context.Context) (release func()) {
	identity, err := disk.Identify(s.cfg.Ingest.DataDir)
	if err != nil {
		s.log.InfoContext(ctx, "without a data directory of its own, this instance begins later after a crash", "err", err)
		return func() {}
	}
	s.instance = identity.Name()
	return func() {
		if err := identity.Close(); err != nil {
			s.log.WarnContext(ctx, "instance's name not closed", "err", err)
		}
	}
}

// lostError is an event that Kafka did not take and never will. To go on would lose it: it is read again.
type lostError struct{ error }

// Unwrap is the producer's error.
func (e lostError) Unwrap() error { return e.error }

// serveOn serves, and begins anew at the committed positions where a topic turns out to take less than it was believed to,
// to be another, or to take nothing: the right to write to it may have been taken away.
func (s *Service) serveOn(ctx context.Context) error {
	err := service.Retry(ctx, s.log, "storing events", func(ctx context.Context) error {
		for {
			err := s.serve(ctx)
			if large, ok := errors.AsType[*limit.Error](err); ok {
				s.limits.Lower(large.Topic)
				s.log.WarnContext(ctx, "a topic takes smaller batches than it did, reading again from the committed positions",
					"topic", large.Topic, "max_message_bytes", s.limits[large.Topic], "err", err)
				continue
			}
			if lost, ok := errors.AsType[lostError](err); ok {
				s.state.set(connecting, lost)
				return lost
			}
			return service.Permanent(err)
		}
	})
	return unlessCanceled(ctx, err)
}

// serve works until the context ends, or until something is wrong.
func (s *Service) serve(ctx context.Context) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	if err := s.reach(ctx); err != nil {
		return unlessCanceled(ctx, err)
	}
	r, err := s.open(ctx, fail)
	if err != nil {
		return err
	}
	defer r.close() //nolint:contextcheck // the context has ended by then, and leaving takes one of its own
	err = r.run(ctx)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// unlessCanceled is the error, nil when it is only that the service was asked to end.
func unlessCanceled(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// reach waits for Kafka and for the topics.
func (s *Service) reach(ctx context.Context) error {
	s.state.set(connecting, nil)
	return service.Retry(ctx, s.log, "reaching kafka and its topics", func(ctx context.Context) error {
		err := s.ensure(ctx)
		s.state.set(connecting, err)
		return err
	})
}

// ensure makes sure that the topics are there.
func (s *Service) ensure(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	t := &s.cfg.Kafka.Topics
	names := []string{t.Events, t.Rejected}
	if t.RawPattern == "" || s.inputs.push != nil {
		names = append(names, t.Raw...)
	}
	missing, err := kafka.MissingTopics(ctx, s.kafka, names...)
	if err != nil {
		return kafka.Explain(err)
	}
	if len(missing) == 0 {
		s.limits.Learn(kafka.MaxMessageBytes(ctx, s.kafka, t.Events, t.Rejected))
		return nil
	}
	if !s.cfg.Kafka.CreateTopics {
		return fmt.Errorf("topics %q are missing: create them, or let kafka.create_topics do it", missing)
	}
	var topics []kafka.Topic
	for _, name := range missing {
		topics = append(topics, kafka.Topic{
			Name: name, Partitions: int32(s.cfg.Kafka.Partitions), Replicas: int16(s.cfg.Kafka.Replicas), //nolint:gosec // validated
		})
	}
	if err := kafka.EnsureTopics(ctx, s.kafka, topics...); err != nil {
		return kafka.Explain(err)
	}
	s.limits.Learn(kafka.MaxMessageBytes(ctx, s.kafka, t.Events, t.Rejected))
	return nil
}

// Reload implements service.Service: it takes over how lines are read.
func (s *Service) Reload(cfg config.Config) error {
	r, _, err := reading.New(&cfg, s.env)
	if err != nil {
		return err
	}
	if !s.reading.Load().Equal(r) {
		s.reading.Store(r)
	}
	return nil
}
