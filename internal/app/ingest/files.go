package ingest

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/app/ingest/follow"
	"gatewatch/internal/app/ingest/reading"
	"gatewatch/internal/event"
)

// files is the lane of lines that came another way than Kafka: a follow.Intake. Its goroutine is in run.
type files struct {
	lane    *lane
	reading *atomic.Pointer[reading.Reading]
	used    *reading.Reading
	metrics *metrics
	jobs    chan delivery
	over    chan struct{}
	sources map[place]*file
}

// place is a source of lines.
type place struct {
	topic     string
	partition int32
}

type file struct {
	decoder *accesslog.Decoder
	stats   accesslog.Stats
	seen    time.Time
}

type delivery struct {
	lines []follow.Line
	acked func()
	read  chan error
}

var _ follow.Intake = (*files)(nil)

// errEnding is what a source hears that delivers to a service that ends.
var errEnding = errors.New("the service is ending")

// Take implements follow.Intake.
func (f *files) Take(ctx context.Context, lines []follow.Line, acked func()) error {
	d := delivery{lines, acked, make(chan error, 1)}
	select {
	case f.jobs <- d:
	case <-f.over:
		return errEnding
	case <-ctx.Done():
		return ctx.Err()
	}
	// The lines' memory is in use until they have been read, whatever becomes of the context.
	return <-d.read
}

// run decodes what is delivered, until the context ends.
func (f *files) run(ctx context.Context) {
	defer close(f.over)
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	f.tick(time.Now())
	for {
		select {
		case <-ctx.Done():
			return
		case d := <-f.jobs:
			d.read <- f.deliver(d)
		case now := <-ticker.C:
			f.tick(now)
		}
	}
}

func (f *files) deliver(d delivery) error {
	now := time.Now()
	f.lane.tick(now)
	p := &parcel{arrived: now.UnixNano(), acked: func(p *parcel) {
		f.metrics.parcel(p)
		if d.acked != nil {
			d.acked()
		}
	}}
	p.add()
	for i := range d.lines {
		l := &d.lines[i]
		src, err := f.source(place{l.Origin.Topic, l.Origin.Partition}, now)
		if err != nil {
			return err
		}
		f.metrics.bytes.Add(float64(len(l.Data)))
		f.lane.read(job{
			decoder: src.decoder, parcel: p, origin: l.Origin, data: l.Data, at: now, service: l.Service,
		})
	}
	p.done()
	return nil
}

// maxFiles bounds the sources whose formats are remembered.
const maxFiles = 1024

func (f *files) source(at place, now time.Time) (*file, error) {
	if src := f.sources[at]; src != nil {
		src.seen = now
		return src, nil
	}
	if len(f.sources) >= maxFiles {
		f.evict()
	}
	decoder, err := f.used.Decoder(event.TrustUntil(now.UnixNano()))
	if err != nil {
		return nil, err
	}
	src := &file{decoder: decoder, seen: now}
	f.sources[at] = src
	return src, nil
}

// evict forgets the source that was silent for longest.
func (f *files) evict() {
	var (
		oldest place
		since  time.Time
	)
	for at, src := range f.sources {
		if since.IsZero() || src.seen.Before(since) {
			oldest, since = at, src.seen
		}
	}
	f.count(f.sources[oldest])
	delete(f.sources, oldest)
}

func (f *files) count(src *file) {
	stats := src.decoder.Stats()
	f.metrics.count(&stats, &src.stats)
	src.stats = stats
}

// tick counts, and takes over a configuration that was loaded anew.
func (f *files) tick(now time.Time) {
	f.lane.tick(now)
	for _, src := range f.sources {
		f.count(src)
	}
	if r := f.reading.Load(); r != f.used {
		f.used = r
		clear(f.sources)
	}
}
