// Package posted writes what comes over HTTP to a raw topic, from where it is read like all other lines.
package posted

import (
	"context"
	"errors"
	"sync/atomic"

	"gatewatch/internal/kafka"
	"gatewatch/internal/push"
)

// HeaderService is the header in which a record names the service of its lines.
const HeaderService = "service"

// Sink is a topic for what is posted. Any goroutine may use it.
type Sink struct {
	topic    string
	producer atomic.Pointer[kafka.Producer]
}

var _ push.Sink = (*Sink)(nil)

// New makes a sink that takes nothing before Run.
func New(topic string) *Sink { return &Sink{topic: topic} }

// errNotOpen is what a sender hears before the service has begun.
var errNotOpen = errors.New("the service is not connected to kafka yet")

// Produce implements push.Sink.
func (s *Sink) Produce(ctx context.Context, r push.Record, done func(error)) {
	producer := s.producer.Load()
	if producer == nil {
		done(errNotOpen)
		return
	}
	record := &kafka.Record{Topic: s.topic, Value: r.Value}
	if r.Service != "" {
		record.Headers = []kafka.Header{{Key: HeaderService, Value: []byte(r.Service)}}
	}
	producer.Produce(ctx, record, func(err error) {
		if kafka.IsTooLarge(err) {
			err = errors.Join(push.ErrTooLarge, err)
		}
		done(err)
	})
}

// Run has the sink take what a server is posted until that ends. Its producer, which holds at most so many bytes, is its
// own: the events that come of the lines must not wait behind them.
func (s *Sink) Run(ctx context.Context, cfg kafka.Config, buffered int, server *push.Server) error {
	producer, err := kafka.NewProducer(cfg, buffered)
	if err != nil {
		return err
	}
	defer producer.Close()
	s.producer.Store(producer)
	defer s.producer.Store(nil)
	return server.Run(ctx)
}
