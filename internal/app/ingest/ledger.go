package ingest

import "sync/atomic"

// parcel is some records of a source that are acknowledged together: all that came of them is in Kafka when nothing of
// it is open any more.
type parcel struct {
	// next is the offset after the parcel's last record.
	next int64
	// open counts what has not been acknowledged, and the parcel itself while it is being filled.
	open atomic.Int64
	// arrived and happened are when the first record came to Kafka and when its last event was, in nanoseconds since the
	// Unix epoch; 0 is unknown.
	arrived, happened int64
	// acked is told when nothing is open any more.
	acked func(*parcel)
}

// add counts one more thing that must be acknowledged.
func (p *parcel) add() { p.open.Add(1) }

// done counts one thing that has been.
func (p *parcel) done() {
	if p.open.Add(-1) == 0 && p.acked != nil {
		p.acked(p)
	}
}

// ledger knows how far a source has been acknowledged without a gap. One goroutine owns a ledger.
type ledger struct {
	parcels   []*parcel // in order of offsets
	committed int64     // what the group was told last
	next      int64     // offset after the last record of which everything has been acknowledged
}

func (l *ledger) append(p *parcel) { l.parcels = append(l.parcels, p) }

// settle takes the parcels off that are done and tells the offset to commit; false when it is the same as before.
func (l *ledger) settle() (next int64, news bool) {
	n := 0
	for n < len(l.parcels) && l.parcels[n].open.Load() == 0 {
		l.next = l.parcels[n].next
		n++
	}
	if n > 0 {
		kept := copy(l.parcels, l.parcels[n:])
		clear(l.parcels[kept:])
		l.parcels = l.parcels[:kept]
	}
	return l.next, l.next > l.committed
}
