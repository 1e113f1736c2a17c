package ingest

import (
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/app/ingest/order"
	"gatewatch/internal/kafka"
)

// source is one partition of a raw topic: what has been read of it and is not decoded yet, and how far it has been
// acknowledged. The stream's goroutine owns it.
type source struct {
	partition kafka.Partition
	topic     [16]byte // its topic's id
	name      string   // its topic's name as origins have it
	decoder   *accesslog.Decoder
	service   string
	ledger    ledger
	parcel    *parcel // being filled, nil when none is
	taken     int     // records in it

	queue   order.Queue[*outgoing]
	batches []batch
	at      int // index of the next record in batches[0]
	held    int // bytes of the records at hand, and of what is known of them
	paused  bool

	next  int64     // offset after the last record at hand
	high  int64     // offset after the newest record that is known of; -1 before the first batch
	dry   time.Time // since when nothing has been at hand
	stats accesslog.Stats
}

// batch is records at hand, and when they came here.
type batch struct {
	kafka.Batch
	came time.Time
}

// slack is how many records a partition may be behind and still count as read to its end: markers of transactions have
// offsets and are never seen, and so few records disturb no order.
const slack = 100

// recordCost is about what a record takes besides its value: itself, and its share of the memory that its batch was
// decompressed into, which small batches do not fill.
const recordCost = 256

// put takes a batch in.
func (s *source) put(b kafka.Batch, now time.Time) {
	if s.name == "" || s.topic != b.TopicID {
		s.topic, s.name = b.TopicID, b.Source()
	}
	s.batches = append(s.batches, batch{b, now})
	s.next, s.high = b.Records[len(b.Records)-1].Offset+1, b.HighWatermark
	for _, r := range b.Records {
		s.held += recordCost + len(r.Value)
	}
}

// empty tells that no record is at hand that has not been decoded.
func (s *source) empty() bool { return len(s.batches) == 0 }

// idle tells that there is nothing to send either.
func (s *source) idle() bool { return s.queue.Len() == 0 && s.empty() }

// lags tells that there are more records than those at hand.
func (s *source) lags() bool { return s.high < 0 || s.high-s.next > slack }

// head is the next record.
func (s *source) head() *kafka.Record { return s.batches[0].Records[s.at] }

// step goes on to the record after the next.
func (s *source) step() {
	s.held -= recordCost + len(s.head().Value)
	s.at++
	if s.at < len(s.batches[0].Records) {
		return
	}
	s.batches[0].Release()
	kept := copy(s.batches, s.batches[1:])
	s.batches[kept] = batch{}
	s.batches, s.at = s.batches[:kept], 0
}

// drop forgets the records at hand, and what came of them and has not been sent: they will be read again.
func (s *source) drop() {
	s.queue = order.Queue[*outgoing]{}
	for i := range s.batches {
		s.batches[i].Records = s.batches[i].Records[s.at:]
		s.batches[i].Release()
		s.at = 0
	}
	s.batches, s.held = nil, 0
}
