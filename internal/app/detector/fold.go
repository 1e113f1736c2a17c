package detector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/internal/kafka"
)

// maxAhead is how far ahead of this machine's clock an event may be before somebody should look at a clock.
const maxAhead = time.Hour

// fold folds a batch, or as much of it as there is room for before the worker has to stop.
func (w *worker) fold(ctx context.Context, b kafka.Batch) {
	if w.again {
		return
	}
	w.connect(b)
	if w.again {
		return
	}
	w.tally = tally{began: time.Now()}
	w.horizon = w.tally.began.Add(maxAhead).UnixNano()
	for _, r := range b.Records {
		if r.Offset < w.position {
			continue
		}
		w.align(r.Offset)
		if !w.record(ctx, r) {
			break
		}
		w.position = r.Offset + 1
		w.align(w.position)
	}
	w.at = nil
	w.account(b)
}

// connect looks whether a batch continues where the last one ended.
func (w *worker) connect(b kafka.Batch) {
	first := b.Records[0].Offset
	if w.name == "" || w.topic != b.TopicID {
		w.name = b.Source()
	}
	switch {
	case w.position > b.HighWatermark && first < w.position, other(w.topic, b.TopicID):
		w.renew(first)
	case w.fresh && w.position >= 0 && first > w.position:
		w.log.Error("records were deleted before they were read", "position", w.position, "offset", first)
		w.gauges.lost.Add(float64(first - w.position))
	}
	if b.TopicID != [16]byte{} {
		w.topic = b.TopicID
	}
	if w.fresh && b.HighWatermark-first > pollLimit {
		w.target = b.HighWatermark
		w.enter(stateReplaying)
	}
	w.fresh = false
}

// errNoEvent is why a record is rejected that decodes, such as an empty one, and is no event: an event has a time.
var errNoEvent = errors.New("the record is empty, or has no time")

// other tells that two identities are known and not of the same topic.
func other(a, b [16]byte) bool { return a != b && a != [16]byte{} && b != [16]byte{} }

// renew begins with a topic that was made anew, given the first offset that was read of it: its offsets mean other records
// now. What sources were heard of, and what was learned, still holds. A reader that went on from the old position has
// passed records by, and is made to begin again.
func (w *worker) renew(first int64) {
	w.log.Error("topic begins anew, its offsets meant other records before", "position", w.position, "offset", first)
	w.ship()
	w.jobs <- job{renewed: true}
	w.plans = nil
	w.rowsFrom.Store(0)
	if !w.fresh || first < w.position {
		w.position = first
		return
	}
	w.position, w.again = 0, true
	w.detector.fail(againError{fmt.Errorf("%s was made anew: it is read from its beginning", w.source)})
}

// record folds one record; false when the worker has to stop before it.
func (w *worker) record(ctx context.Context, r *kafka.Record) bool {
	w.at = r
	if at, ok := tickOf(r); ok {
		w.lapse(at)
		return true
	}
	w.stirred = true
	if w.stage.facets {
		w.foldFacet(ctx, r)
		return true
	}
	return w.foldEvent(ctx, r)
}

func (w *worker) foldEvent(ctx context.Context, r *kafka.Record) bool {
	keep := r.Offset >= w.rowsFrom.Load() && !w.stored(r.Offset)
	if keep && w.batch == nil && !w.room(ctx) {
		return false
	}
	ev := &w.event
	if err := ev.UnmarshalProto(r.Value); err != nil || ev.Time == 0 {
		w.reject(ctx, r, cmp.Or(err, errNoEvent))
		return true
	}
	if !w.marks.Advance(&ev.Origin) {
		w.tally.duplicates++
		return true
	}
	w.tally.see(ev.Time, w.horizon)
	if keep {
		w.append(ev)
	}
	w.engine.Step(ev, w.emit)
	w.engine.Facets(w.yield)
	return true
}

func (w *worker) foldFacet(ctx context.Context, r *kafka.Record) {
	f := &w.facet
	if err := f.UnmarshalProto(r.Value); err != nil || f.Event.Time == 0 {
		w.reject(ctx, r, cmp.Or(err, errNoEvent))
		return
	}
	if !w.marks.Advance(&f.Source) {
		w.tally.duplicates++
		return
	}
	w.tally.see(f.Event.Time, w.horizon)
	w.engine.Fold(f, w.emit)
}

// tell publishes a finding to everyone at once.
func (w *worker) tell(ctx context.Context, f *finding.Finding) {
	w.detector.metrics.finding(f)
	if err := w.near.Publisher.PublishFinding(ctx, f); err != nil {
		w.epoch.Fail(err)
	}
	o := w.detector.records.Take(w.detector.cfg.Findings)
	o.Key = append(o.Key, f.ID...)
	b, err := f.MarshalJSON()
	if err != nil {
		w.epoch.Fail(err)
		return
	}
	o.Value = append(o.Value, b...)
	o.Send(ctx, w.near.Producer, w.epoch)
	if err := w.detector.archive.Add(ctx, f); err != nil {
		w.epoch.Fail(err)
	}
}

// pass hands a facet of the event being folded to the second stage.
func (w *worker) pass(ctx context.Context, f *facet.Facet) {
	f.Source.Topic, f.Source.Partition, f.Source.Offset = w.name, w.source.Partition, w.at.Offset
	o := w.detector.records.Take(w.detector.cfg.Facets)
	o.Key = append(o.Key, f.Key()...)
	o.Value = f.AppendProto(o.Value)
	o.Send(ctx, w.near.Producer, w.epoch)
	w.tally.facets++
}

// reject puts a record that cannot be read aside, as it is, with why and where it was.
func (w *worker) reject(ctx context.Context, r *kafka.Record, cause error) {
	w.tally.rejected++
	o := w.detector.records.Take(w.detector.cfg.Rejected)
	o.Value = append(o.Value, r.Value...)
	text := func(key, value string) kafka.Header { return kafka.Header{Key: key, Value: []byte(value)} }
	o.Headers = []kafka.Header{
		text("reason", cause.Error()),
		text("topic", w.source.Topic),
		text("partition", strconv.Itoa(int(w.source.Partition))),
		text("offset", strconv.FormatInt(r.Offset, 10)),
		text("ordinal", "0"),
		text("time", r.Timestamp.UTC().Format(time.RFC3339Nano)),
		text("content", w.stage.content()),
	}
	o.Send(ctx, w.near.Producer, w.epoch)
}

// content names what the stage's records are.
func (s *stage) content() string {
	if s.facets {
		return "gatewatch.facet.v1"
	}
	return "gatewatch.event.v1"
}
