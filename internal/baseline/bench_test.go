package baseline

import (
	"fmt"
	"testing"
	"time"
)

func BenchmarkCounts(b *testing.B) {
	c := newClient(1, nil)
	c.learn(0, 24*14, steady(40))
	at := start + 24*15*hour
	group := DefaultGroup()
	var peers Peers
	b.Run("learn", func(b *testing.B) {
		b.ReportAllocs()
		for i := int64(0); b.Loop(); i++ {
			group.Learn(&peers, c.model.Learn(&c.past, &usual, Window{Time: at + i*hour/60, Exposure: 1, Count: 40}))
		}
	})
	b.Run("law", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.model.Law(&c.past, &usual, Slow, Span{at, 1})
		}
	})
	b.Run("prior", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			group.Prior(&peers)
		}
	})
	known, fresh := newLaw(40, 0.001, 0.3), newLaw(40, 1/0.7, 0.3)
	for _, count := range []float64{60, 200, 2000} {
		for name, law := range map[string]Law{"known": known, "new": fresh} {
			b.Run(fmt.Sprintf("surprise/%s/%g", name, count), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					law.Surprise(count)
				}
			})
			b.Run(fmt.Sprintf("below/%s/%g", name, count), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					law.Below(count, 5)
				}
			})
		}
	}
}

func BenchmarkSeason(b *testing.B) {
	s := DefaultSeason()
	var p Profile
	s.weeks(newChance(8), &p, time.UTC, 1000, 4)
	h := NewHours(nil, nil)
	b.Run("slot and factor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Factor(h.Slot(start))
		}
	})
	b.Run("learn an hour", func(b *testing.B) {
		b.ReportAllocs()
		for i := int64(0); b.Loop(); i++ {
			at := start + 5000*hour + i*hour
			s.Learn(&p, Hour{Slot: h.Slot(at), Time: at, Hours: 1, Count: 900})
		}
	})
}
