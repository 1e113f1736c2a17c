package checkpoint

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gatewatch/internal/event"
)

func TestAdvance(t *testing.T) {
	at := func(topic string, partition int32, offset int64, ordinal int32) event.Origin {
		return event.Origin{Topic: topic, Partition: partition, Offset: offset, Ordinal: ordinal}
	}
	steps := []struct {
		name string
		at   event.Origin
		want bool
	}{
		{"the first of a source", at("a", 0, 5, 0), true},
		{"the same again", at("a", 0, 5, 0), false},
		{"the next of the record", at("a", 0, 5, 1), true},
		{"an earlier one", at("a", 0, 4, 9), false},
		{"a later record", at("a", 0, 9, 0), true},
		{"another partition", at("a", 1, 1, 0), true},
		{"another partition in the same slot", at("a", 64, 1, 0), true},
		{"the first again", at("a", 0, 9, 0), false},
		{"another topic", at("b", 0, 1, 0), true},
		{"from nowhere", at("", 0, 0, 0), true},
		{"from nowhere again", at("", 0, 0, 0), true},
	}
	m := NewMarks(10)
	for _, s := range steps {
		if got := m.Advance(&s.at); got != s.want {
			t.Errorf("%s: Advance(%v) = %t, want %t", s.name, s.at, got, s.want)
		}
	}
}

// TestAdvanceTakesEachOnce feeds sources that repeat stretches of themselves, as a producer does after a crash.
func TestAdvanceTakesEachOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	m := NewMarks(1000)
	seen := map[event.Origin]int{}
	next := map[string]int64{}
	for range 20_000 {
		topic := fmt.Sprintf("topic-%d", r.IntN(3))
		o := event.Origin{Topic: topic, Partition: r.Int32N(100)}
		key := fmt.Sprint(topic, o.Partition)
		if r.IntN(10) == 0 {
			next[key] -= min(next[key], r.Int64N(5))
		}
		o.Offset = next[key]
		next[key]++
		if m.Advance(&o) {
			seen[o]++
		}
	}
	for o, n := range seen {
		if n != 1 {
			t.Errorf("%v was news %d times", o, n)
		}
	}
	if m.Evicted() != 0 {
		t.Errorf("%d sources evicted, want none", m.Evicted())
	}
}

func TestMarksForgetWhoMovedLeastRecently(t *testing.T) {
	m := NewMarks(2)
	step := func(topic string, offset int64) bool { return m.Advance(&event.Origin{Topic: topic, Offset: offset}) }
	step("a", 1)
	step("b", 1)
	step("a", 2)
	step("c", 1) // for b
	if step("a", 2) {
		t.Error("a was forgotten, which moved after b")
	}
	if !step("b", 1) || m.Evicted() != 2 || m.Len() != 2 {
		t.Errorf("b is remembered; %d evicted, %d kept", m.Evicted(), m.Len())
	}
}

func TestAdvanceDoesNotAllocate(t *testing.T) {
	m := NewMarks(10)
	o := event.Origin{Topic: "access.raw", Partition: 7}
	m.Advance(&o)
	if n := testing.AllocsPerRun(100, func() { o.Offset++; m.Advance(&o) }); n != 0 {
		t.Errorf("Advance allocates %v times", n)
	}
}

func BenchmarkAdvance(b *testing.B) {
	m := NewMarks(100)
	o := event.Origin{Topic: "access.raw"}
	for b.Loop() {
		o.Offset++
		o.Partition = int32(o.Offset & 7)
		m.Advance(&o)
	}
}
