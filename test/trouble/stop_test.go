package trouble

import (
	"sync"
	"testing"
	"time"
)

// flood produces so many lines in the background, as fast as Kafka takes them, and returns how to wait for the end.
func (s *stand) flood(n int) (wait func()) {
	lines := make([][]byte, 0, n)
	for len(lines) < n {
		for client := range 200 {
			lines = append(lines, asks(1, "198.51.100."+string(rune('0'+client%10)), "flood", 200)...)
		}
	}
	var sent sync.WaitGroup
	sent.Go(func() { s.produce(lines[:n]...) })
	return sent.Wait
}

// stopUnderLoad: ingest and the detector are asked to stop while they have all they can do. They end in order and in time,
// and go on where they were, so that every line is stored once.
func stopUnderLoad(t *testing.T, sh shared) {
	const lines = 60_000
	s := newStand(t, sh, 3)
	ingest, detector := s.start("ingest", "", ""), s.start("detector", "", "")
	wait := s.flood(lines)
	for round := range 2 {
		for _, p := range []*program{ingest, detector} {
			before := s.count()
			detector.until("more is stored", func() bool { return s.count() > before })
			took := p.terminate()
			t.Logf("round %d: %s stopped in %s, with %d of %d stored", round, p.name, took, s.count(), lines)
			p.start()
		}
	}
	wait()
	s.stored(lines)
	for _, p := range []*program{ingest, detector} {
		p.ready()
		p.quiet(60)
		p.terminate()
	}
}

// stopWithoutSinks: the detector is asked to stop while NATS is away. It waits for a while, says that it gives up waiting,
// ends in order, and publishes at the next start what it could not.
func stopWithoutSinks(t *testing.T, sh shared) {
	s := newStand(t, sh, 1)
	hook := newSite(t)
	hook.Start()
	ingest, detector := s.start("ingest", "", ""), s.start("detector", "", "")
	alerter := s.start("alerter", `allow_private: true, min_severity: low, receivers: {hook: {webhook: {url: "`+hook.URL+`"}}}`, "")
	s.nats.Kill()
	s.produce(asks(60, "203.0.113.1", "no", 404)...)
	s.stored(60)
	detector.unready("the connection to nats at", "is lost")
	t.Logf("the detector stopped in %s", detector.terminate())
	detector.logged("sinks did not take everything in time, it will be sent again")
	s.nats.Start()
	detector.start()
	detector.ready()
	s.produce(asks(60, "203.0.113.2", "no", 404)...)
	for _, client := range []string{"203.0.113.1", "203.0.113.2"} {
		alerter.until("the webhook knows "+client, func() bool { return hook.knows(client) > 0 })
		if n := hook.knows(client); n != 1 {
			t.Errorf("the webhook was told of %s %d times, want once", client, n)
		}
	}
	s.stored(120)
	for _, p := range []*program{ingest, detector, alerter} {
		p.terminate()
	}
}

// instances: of two detectors one is killed under load. The other says nothing worse than that it has more partitions, and
// has every event stored; what the one that died had stored since its last checkpoint may be stored twice, under the same id.
func instances(t *testing.T, sh shared) {
	const lines = 40_000
	s := newStand(t, sh, 6)
	ingest := s.start("ingest", "", "")
	first, second := s.start("detector", "", ""), s.start("detector", "", "")
	first.until("they share the partitions", func() bool { return first.partitions() == 3 && second.partitions() == 3 })
	wait := s.flood(lines)
	first.until("both store", func() bool { return s.count() > lines/8 })
	second.kill()
	wait()
	began := time.Now()
	first.until("it has all partitions", func() bool { return first.partitions() == 6 })
	s.untilRow("40000", "SELECT uniqExact(event_id) FROM events")
	t.Logf("after %s; %d of %d rows are there twice", time.Since(began), s.count()-lines, lines)
	second.start()
	second.ready()
	first.until("they share the partitions again", func() bool { return first.partitions() == 3 && second.partitions() == 3 })
	twice := s.count() - lines
	s.flood(1000)()
	s.untilRow("41000", "SELECT uniqExact(event_id) FROM events")
	if now := s.count() - lines - 1000; now != twice {
		t.Errorf("%d rows were stored twice when the one that died came back", now-twice)
	}
	for _, p := range []*program{ingest, first, second} {
		p.ready()
		p.quiet(80)
		p.terminate()
	}
}
