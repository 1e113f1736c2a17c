package ingest

import (
	"testing"
	"time"

	"gatewatch/internal/app/ingest/order"
	"gatewatch/internal/kafka"
)

// TestHold: an event is held for a partition that is known to have more, or to have had some lately while a past is played
// back, and never for long.
func TestHold(t *testing.T) {
	t.Parallel()
	const patience = time.Second
	now := time.Unix(1_800_000_000, 0)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	more := func(dry time.Duration) *source { return &source{next: 1, high: 1000, dry: ago(dry)} }
	end := func(dry time.Duration) *source { return &source{next: 1000, high: 1000, dry: ago(dry)} }
	unknown := func(dry time.Duration) *source { return &source{high: -1, dry: ago(dry)} }
	for _, tt := range []struct {
		name   string
		others []*source
		hurry  bool
		held   time.Duration // since the event came
		old    bool          // its record came to Kafka long ago
		bytes  int           // at hand of its partition
		want   time.Duration
	}{
		{name: "nobody else"},
		{name: "one has more", others: []*source{more(0)}, want: patience},
		{name: "one has more, and the event has waited", others: []*source{more(0)}, held: 300 * time.Millisecond, want: 700 * time.Millisecond},
		{name: "one has more, and the event has waited long", others: []*source{more(0)}, held: 2 * time.Second},
		{name: "one has more, and has no leader", others: []*source{more(time.Minute)}},
		{name: "the longest", others: []*source{more(900 * time.Millisecond), more(100 * time.Millisecond)}, want: 900 * time.Millisecond},
		{name: "one is at its end", others: []*source{end(0)}},
		{name: "one is at its end, in a hurry", others: []*source{end(0)}, hurry: true, want: patience},
		{name: "one was at its end a while ago, in a hurry", others: []*source{end(1500 * time.Millisecond)}, hurry: true, want: patience},
		{name: "one has nothing, in a hurry", others: []*source{end(time.Minute)}, hurry: true, want: patience},
		{name: "one is at its end, in a hurry, and much is at hand", others: []*source{end(0)}, hurry: true, bytes: maxHeld},
		{name: "nothing heard of one", others: []*source{unknown(0)}},
		{name: "nothing heard of one, and the event is old", others: []*source{unknown(0)}, old: true, want: patience},
		{name: "nothing heard of one, in a hurry", others: []*source{unknown(0)}, hurry: true, want: patience},
		{name: "nothing heard of one for long", others: []*source{unknown(time.Minute)}, old: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &stream{patience: patience, sources: map[kafka.Partition]*source{}}
			arrived := now
			if tt.old {
				arrived = ago(time.Hour)
			}
			first := &source{held: tt.bytes}
			first.queue.Put(&outgoing{came: ago(tt.held), parcel: &parcel{arrived: arrived.UnixNano()}}, order.Timeless, 0)
			s.turns.Push(first, 0)
			for i, src := range append(tt.others, first) {
				s.sources[kafka.Partition{ID: int32(i)}] = src
			}
			s.pace.See(0, ago(5*time.Second))
			s.pace.See(1, ago(3*time.Second))
			if tt.hurry {
				s.pace.See(int64(time.Hour), now)
			}
			if got := s.hold(now); max(got, 0) != tt.want {
				t.Errorf("held for %v, want %v", got, tt.want)
			}
		})
	}
}
