package detector

import (
	"gatewatch/internal/checkpoint"
	"gatewatch/internal/event"
	"gatewatch/internal/kafka"
)

// tickOf is the time that a record tells which is no event; false when it is none of those.
func tickOf(r *kafka.Record) (at int64, ok bool) {
	if len(r.Value) > 0 {
		return 0, false
	}
	for i := range r.Headers {
		if r.Headers[i].Key == event.TickHeader {
			return event.ParseTick(r.Headers[i].Value)
		}
	}
	return 0, false
}

// lapse lets time pass in the partition. A tick needs no marks: told twice, it changes nothing.
func (w *worker) lapse(at int64) {
	w.tally.ticks++
	w.engine.Tick(at, w.emit)
	if !w.stage.facets {
		w.engine.Facets(w.yield)
	}
}

// reach has the second stage know how far the first has got.
func (w *worker) reach(lag int64) {
	if !w.stage.facets {
		w.detector.herald.Reached(w.source.Partition, w.engine.Time(), w.state == stateLive && lag <= pollLimit)
	}
}

// still tells that since the last checkpoint nothing has come but ticks, and nothing of them.
func (w *worker) still() bool { return !w.stirred && w.taken >= 0 && !w.retake.Load() }

// note tells the group of a position before which nothing has changed but the time: that is worth no checkpoint, and no lag.
func (w *worker) note() {
	if w.position == w.taken || w.position == w.noted {
		return
	}
	select {
	case memory := <-w.spare:
		w.noted = w.position
		w.jobs <- job{seal: &seal{
			Sealed: checkpoint.Sealed{Source: w.source, Position: w.position, Bytes: memory}, idle: true,
		}}
	default: // a checkpoint is on its way
	}
}
