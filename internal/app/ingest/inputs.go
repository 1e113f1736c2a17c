package ingest

import (
	"context"
	"errors"
	"sync/atomic"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/geo"
	"gatewatch/internal/kafka"
	"gatewatch/internal/push"
)

// inputs are the ways of lines into the service other than Kafka, and what is known beyond them.
type inputs struct {
	sources   []Source
	followed  *followed // nil without files
	enrichers []Enricher
	push      *push.Server
	pushed    *pushed
	geo       *geo.Databases
}

// newInputs makes the inputs of a configuration.
func newInputs(cfg *config.Config, env service.Env) (in inputs, err error) {
	if g := cfg.Ingest.Geo; g.CityFile != "" || g.ASNFile != "" {
		in.geo, err = geo.Open(geo.Config{CityFile: g.CityFile, ASNFile: g.ASNFile, Log: env.Log, Metrics: env.Metrics})
		if err != nil {
			return in, err
		}
		in.enrichers = append(in.enrichers, in.geo)
	}
	if len(cfg.Ingest.Files) > 0 {
		if in.followed, err = newFollowed(cfg, env); err != nil {
			return in, err
		}
		in.sources = append(in.sources, in.followed)
	}
	if p := cfg.Ingest.Push; p.Listen != "" {
		if len(cfg.Kafka.Topics.Raw) == 0 {
			return in, errors.New("ingest.push needs a topic in kafka.topics.raw to write to")
		}
		in.pushed = &pushed{topic: cfg.Kafka.Topics.Raw[0]}
		in.push, err = push.New(push.Config{
			Listen: p.Listen, Token: string(p.Token), MaxBody: p.MaxBody, MaxPending: p.MaxPending,
			Log: env.Log, Metrics: env.Metrics,
		}, in.pushed)
	}
	return in, err
}

// pushed writes what comes over HTTP to a raw topic, from where it is read like all other lines.
type pushed struct {
	topic    string
	producer atomic.Pointer[kafka.Producer]
}

var _ push.Sink = (*pushed)(nil)

// errNotOpen is what a sender hears before the service has begun.
var errNotOpen = errors.New("the service is not connected to kafka yet")

// Produce implements push.Sink.
func (p *pushed) Produce(ctx context.Context, r push.Record, done func(error)) {
	producer := p.producer.Load()
	if producer == nil {
		done(errNotOpen)
		return
	}
	record := &kafka.Record{Topic: p.topic, Value: r.Value}
	if r.Service != "" {
		record.Headers = []kafka.Header{{Key: headerService, Value: []byte(r.Service)}}
	}
	producer.Produce(ctx, record, func(err error) {
		if kafka.IsTooLarge(err) {
			err = errors.Join(push.ErrTooLarge, err)
		}
		done(err)
	})
}

// runPush takes lines over HTTP until the context ends. Its producer is its own: the events that come of the lines must
// not wait behind them.
func (s *Service) runPush(ctx context.Context) error {
	producer, err := kafka.NewProducer(s.kafka, 2*s.cfg.Ingest.Push.MaxPending)
	if err != nil {
		return err
	}
	defer producer.Close()
	s.inputs.pushed.producer.Store(producer)
	defer s.inputs.pushed.producer.Store(nil)
	return s.inputs.push.Run(ctx)
}
