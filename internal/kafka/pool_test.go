package kafka

import "testing"

// TestSmallBatches: a batch of one record takes the memory of one, because a producer that does not linger fills a topic
// with those.
func TestSmallBatches(t *testing.T) {
	m := newMemory()
	if got := cap(m.GetRecords(1)); got > 2 {
		t.Errorf("one record takes the memory of %d", got)
	}
	first := m.GetRecords(3)
	m.PutRecords(first)
	if again := m.GetRecords(4); &again[0] != &first[0] {
		t.Error("memory given back is not used again")
	}
}
