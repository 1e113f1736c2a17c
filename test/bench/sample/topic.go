package sample

import (
	"context"
	"fmt"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/event"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/route"
)

// Topic is events as ingest writes them, one behind the other.
type Topic struct {
	bytes []byte
	ends  []int

	templates *route.Templater
	rejected  error
}

var _ accesslog.Sink = (*Topic)(nil)

// NewTopic is what ingest makes of the first n lines, as those of one partition.
func NewTopic(ctx context.Context, n int, partition int32) (*Topic, error) {
	redactor, err := identity.NewRedactor(identity.RedactConfig{Key: []byte("the key of a benchmark")})
	if err != nil {
		return nil, err
	}
	decoder, err := accesslog.New(accesslog.Config{Redactor: redactor})
	if err != nil {
		return nil, err
	}
	t := new(Topic)
	if t.templates, err = route.New(route.DefaultConfig()); err != nil {
		return nil, err
	}
	err = Lines(ctx, n, func(line []byte) error {
		decoder.Origin = event.Origin{Topic: "access.raw", Partition: partition, Offset: int64(t.Len())}
		decoder.Decode(line, t)
		return t.rejected
	})
	return t, err
}

// Event implements accesslog.Sink.
func (t *Topic) Event(e *event.Event) {
	t.templates.Template(e)
	t.bytes = e.AppendProto(t.bytes)
	t.ends = append(t.ends, len(t.bytes))
}

// Reject implements accesslog.Sink.
func (t *Topic) Reject(reason format.Reason, line []byte) {
	t.rejected = fmt.Errorf("line %q: %w", line, reason)
}

// Len is the number of events.
func (t *Topic) Len() int { return len(t.ends) }

// Bytes is their size.
func (t *Topic) Bytes() int { return len(t.bytes) }

// Values gives each event's bytes.
func (t *Topic) Values(yield func([]byte) bool) {
	from := 0
	for _, end := range t.ends {
		if !yield(t.bytes[from:end:end]) {
			return
		}
		from = end
	}
}
