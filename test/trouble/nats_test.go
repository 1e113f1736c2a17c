package trouble

import (
	"testing"
	"time"
)

// natsAway: NATS ends while attacks come in. The detector stores events and says that it cannot tell of findings, and its
// checkpoint waits for those, so that even when it is killed then they reach the webhook, once.
func natsAway(t *testing.T, sh shared) {
	s := newStand(t, sh, 1)
	hook := newSite(t)
	hook.Start()
	ingest, detector := s.start("ingest", "", ""), s.start("detector", "", "")
	alerter := s.start("alerter", `allow_private: true, min_severity: low, receivers: {hook: {webhook: {url: "`+hook.URL+`"}}}`, "")
	attack := func(client string) { s.produce(asks(60, client, "no", 404)...) }
	sent := 0
	for i, client := range []string{"203.0.113.1", "203.0.113.2"} {
		s.nats.Kill()
		attack(client)
		sent += 60
		s.stored(sent)
		const lost = "is lost, and is tried again: is the server up"
		detector.unready("the connection to nats at", lost)
		alerter.unready("the connection to nats at", lost)
		saved := detector.metric("gatewatch_detector_checkpoint_timestamp_seconds")
		if i == 1 { // what was found is nowhere but in the detector, and is made again
			detector.kill()
			detector.start()
			detector.unready("connecting to nats", "no server answers")
		} else {
			detector.tells("findings are published again")
			time.Sleep(time.Second) // three checkpoints are due
			if now := detector.metric("gatewatch_detector_checkpoint_timestamp_seconds"); now != saved {
				t.Error("a checkpoint was saved while findings were on their way")
			}
		}
		if hook.knows(client) > 0 {
			t.Fatal("the webhook knows already, so this tests nothing")
		}
		s.nats.Start()
		detector.ready()
		alerter.ready()
		alerter.until("the webhook knows", func() bool { return hook.knows(client) > 0 })
	}
	attack("203.0.113.3") // what comes last shows that nothing more is on its way
	alerter.until("the webhook knows", func() bool { return hook.knows("203.0.113.3") > 0 })
	for _, client := range []string{"203.0.113.1", "203.0.113.2", "203.0.113.3"} {
		if n := hook.knows(client); n != 1 {
			t.Errorf("the webhook was told of %s %d times, want once", client, n)
		}
	}
	s.stored(sent + 60)
	s.untilRow("3/3", "SELECT count(), uniqExact(entity) FROM findings_latest")
	for _, p := range []*program{ingest, detector, alerter} {
		p.quiet(60)
		p.terminate()
	}
}
