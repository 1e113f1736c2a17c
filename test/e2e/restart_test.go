package e2e

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gatewatch/test/pipeline"
	"gatewatch/test/servers"
)

// TestRestart: ClickHouse, NATS and Kafka are killed and started again, in any order, while lines stream in, garbage among
// them; then all of them hang for a moment. Every accepted line is stored once, every other is in the topic of rejected
// lines, the findings are those of an undisturbed run, everybody was alerted, and no notification was told in two ways.
func TestRestart(t *testing.T) {
	const (
		partitions = 3
		rate       = 2500
	)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	good := wrapped(t, load(t))
	lines, garbage := withGarbage(good, random)
	want := scan(t, lines)
	p := pipeline.New(t, pipeline.Options{
		Binaries: binaries, Partitions: partitions, MinSeverity: "low", MaxWait: 100 * time.Millisecond,
		Checkpoint: 200 * time.Millisecond,
	})
	p.StartAll()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		p.Send(lines, rate)
	}()
	all := []*servers.Server{p.ClickHouse, p.NATS, p.Kafka}
	moment := func() { time.Sleep(100*time.Millisecond + time.Duration(random.Int64N(int64(700*time.Millisecond)))) }
	for _, i := range random.Perm(len(all)) {
		moment()
		all[i].Kill()
		moment()
		all[i].Start()
	}
	for _, s := range all {
		s.Pause()
	}
	moment()
	for _, s := range all {
		s.Resume()
	}
	<-sent
	stored(t, p, len(good))
	alerted(t, p, want)
	p.Until(30*time.Second, "the findings are about the same", func() (bool, string) {
		got := column(p.Query("SELECT concat(detector, ' ', entity) FROM findings_latest"))
		diff := difference(names(want, byEntity), got)
		return diff == "", strings.TrimSpace(diff)
	})
	if got := rejected(t, p, garbage); got != garbage {
		t.Errorf("%d lines were rejected, %d should have been", got, garbage)
	}
	if n := p.Receiver.Changed(); n > 0 {
		t.Errorf("%d notifications came again with another text", n)
	}
}
