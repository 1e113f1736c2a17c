package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"gatewatch/internal/app/ingest/limit"
	"gatewatch/internal/app/ingest/tick"
	"gatewatch/internal/kafka"
)

// runner is the service at work: its clients, and the loops that use them.
type runner struct {
	service  *Service
	producer *kafka.Producer
	consumer *kafka.Consumer
	stream   *stream
	files    *files
	// abandon ends what is still being produced.
	abandon context.CancelFunc
}

// grace is how long what has been read may take to be acknowledged when the service ends.
const grace = 10 * time.Second

// maxBuffered bounds the bytes that are produced and not acknowledged: what a broker takes in a few round trips. More of
// it would only be colder memory.
const maxBuffered = 16 << 20

// open makes the clients and the loops.
func (s *Service) open(ctx context.Context, fail func(error)) (*runner, error) {
	r := &runner{service: s}
	lost := func(err error) {
		if _, ok := errors.AsType[*limit.Error](err); ok {
			fail(err)
			return
		}
		fail(lostError{fmt.Errorf("an event was not stored: %w", kafka.Explain(err))})
	}
	var work context.Context
	work, r.abandon = context.WithCancel(context.WithoutCancel(ctx))
	var err error
	to := s.kafka
	to.BatchBytes = s.limits
	if r.producer, err = kafka.NewProducer(to, maxBuffered); err != nil {
		return nil, err
	}
	newLane := func() (*lane, error) {
		templates, err := s.reading.Load().Templater()
		if err != nil {
			return nil, err
		}
		l := &lane{
			events: s.topic(s.cfg.Kafka.Topics.Events), rejected: s.topic(s.cfg.Kafka.Topics.Rejected),
			sender: r.producer, enrich: s.inputs.enrichers, metrics: s.metrics, ahead: &s.ahead, fail: lost,
			templates: templates, sight: tick.NewSight(&s.clock),
			work: work,
		}
		l.tick(time.Now())
		return l, nil
	}
	streams, err := newLane()
	if err != nil {
		return nil, err
	}
	r.stream = &stream{
		lane: streams, producer: r.producer, reading: &s.reading, log: s.log, metrics: s.metrics,
		sources: map[kafka.Partition]*source{}, fail: fail, patience: s.patience, watch: s.watch(r.producer),
	}
	others, err := newLane()
	if err != nil {
		return nil, err
	}
	r.files = &files{
		lane: others, reading: &s.reading, metrics: s.metrics, jobs: make(chan delivery),
		over: make(chan struct{}), sources: map[place]*file{},
	}
	r.consumer, err = kafka.NewConsumer(s.kafka, s.group(r.stream)) //nolint:contextcheck // it lives until it is closed
	if err != nil {
		return nil, err
	}
	r.stream.consumer = r.consumer
	return r, nil
}

// topic is a topic that is produced to.
func (s *Service) topic(name string) topic { return topic{name: name, limit: s.limits.Value(name)} }

// group is the group that reads the raw topics.
func (s *Service) group(st *stream) kafka.Group {
	t := &s.cfg.Kafka.Topics
	g := kafka.Group{
		Name: s.cfg.Ingest.Group, Topics: t.Raw, Assigned: st.gained, Revoked: st.gone,
		MaxPartitionBytes: 512 << 10, Instance: s.instance,
		Note:  func() string { return s.clock.Note(time.Now()) },
		Noted: func(text string) { s.clock.Recall(text, time.Now()) },
	}
	if t.RawPattern != "" {
		g.Topics, g.Pattern = []string{t.RawPattern}, true
		// A pattern that is too wide must not make the service read what it writes.
		g.Exclude = []string{t.Events, t.Facets, t.Rejected, t.Findings}
	}
	return g
}

// run works until the context ends, and stops in order: the inputs, what they have read, the positions.
func (r *runner) run(ctx context.Context) error {
	r.service.state.reads(r)
	group, inputs := errgroup.WithContext(ctx)
	if files := r.service.inputs.followed; files != nil {
		group.Go(func() error { return files.Run(inputs, r.files) })
	}
	group.Go(func() error {
		r.files.run(inputs)
		return nil
	})
	group.Go(func() error { return r.stream.run(inputs) })
	<-inputs.Done()
	r.service.state.set(stopping, nil)
	// What waits for a full buffer must not keep the service from ending.
	timer := time.AfterFunc(grace, r.abandon)
	defer timer.Stop()
	err := group.Wait()
	r.stream.end(ctx)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// close ends the clients.
func (r *runner) close() {
	r.abandon()
	r.consumer.Close()
	r.producer.Close()
}
