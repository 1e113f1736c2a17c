package detector

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"gatewatch/internal/app/detector/archive"
	"gatewatch/internal/checkpoint"
	"gatewatch/internal/clickhouse"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/kafka"
)

// nowhere takes everything and keeps nothing; rows are made as they are for ClickHouse.
type nowhere struct{}

func (nowhere) NewRows() Rows                                           { return clickhouse.NewEvents() }
func (nowhere) InsertEvents(context.Context, Rows, string) error        { return nil }
func (nowhere) InsertFindings(context.Context, []finding.Finding) error { return nil }
func (nowhere) Ping(context.Context) error                              { return nil }
func (nowhere) PublishFinding(context.Context, *finding.Finding) error  { return nil }
func (nowhere) Flush(context.Context) error                             { return nil }
func (nowhere) Load(checkpoint.Source) (checkpoint.Kept, error)         { return checkpoint.Kept{}, nil }
func (nowhere) Save(checkpoint.Sealed) error                            { return nil }
func (nowhere) Plan(checkpoint.Source, checkpoint.Plan) error           { return nil }
func (nowhere) Done(checkpoint.Source, checkpoint.Plan) error           { return nil }
func (nowhere) Send(_ context.Context, r *kafka.Record, done func(*kafka.Record, error)) {
	done(r, nil)
}

// BenchmarkFold is the work of one partition on records that have been fetched: decoding, every detector, and the columns
// of rows, for traffic of which a third tries paths and a third passwords. Each operation is one event.
func BenchmarkFold(b *testing.B) {
	const lap = 300_000 // more operations than that go back in time
	w := newWorld()
	w.traffic(rand.New(rand.NewPCG(1, 1)), 1, lap)
	for _, r := range w.topic[0] {
		var ev event.Event
		if ev.UnmarshalProto(r.Value) == nil {
			ev.Origin = event.Origin{} // or the second lap would be dropped as heard before
			r.Value = ev.AppendProto(nil)
		}
	}
	cfg := small()
	cfg.Engine, cfg.MaxRows, cfg.MaxWait = detect.DefaultConfig(), 65536, time.Second
	near := &Neighbours{Store: nowhere{}, Publisher: nowhere{}, Producer: nowhere{}, Checkpoints: nowhere{}}
	d, err := New(cfg, nil)
	if err != nil {
		b.Fatal(err)
	}
	d.archive = archive.New(nowhere{}, d.log, &d.faults)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go d.archive.Run(ctx)
	d.stages[0].consumer = &idle{}
	worker := newWorker(d.stages[0], near, checkpoint.Source{Topic: "events"})
	worker.start(ctx)
	var records int64
	log := w.topic[0]
	b.ReportAllocs()
	for b.Loop() {
		at := int(records) % len(log)
		if at%1000 == 0 {
			batch := kafka.Batch{Records: make([]*kafka.Record, 0, 1000), HighWatermark: 1 << 40}
			if records < lap {
				batch.Records = log[at : at+1000]
			}
			for _, r := range log[at : at+1000-len(batch.Records)] {
				copied := *r
				copied.Offset += records - int64(at)
				batch.Records = append(batch.Records, &copied)
			}
			worker.inbox.Queue <- batch
		}
		records++
	}
	worker.drain()
	<-worker.done
}
