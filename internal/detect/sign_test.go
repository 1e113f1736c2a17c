package detect

import (
	"math/rand/v2"
	"testing"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/route"
	"gatewatch/internal/signature"
)

// TestSignsMissNoConcern checks on observations of every sort that a detector which is concerned has said by which sign.
func TestSignsMissNoConcern(t *testing.T) {
	cfg := DefaultConfig()
	rng := rand.New(rand.NewPCG(1, 1))
	concerned := map[string]int{}
	for range 5_000 {
		e := event.Event{Path: "/a/b", UserAgent: browserAgent}
		e.SetStatus(int64(rng.IntN(700)))
		o := Observation{Event: &e, Answer: AnswerOf(&e), User: uint64(rng.IntN(2)), Minute: uint32(rng.IntN(60))}
		o.Hourly, o.Objects = uint16(rng.IntN(60)), uint16(rng.IntN(30))
		o.Purpose = route.Purpose(1 << rng.IntN(20))
		o.Object.Kind = route.ObjectKind(rng.IntN(10))
		o.Agent.Class = signature.AgentClass(rng.IntN(8))
		o.Probe.Score = uint16(rng.IntN(3))
		o.Lure = signature.Lure{Category: signature.LureCategory(rng.IntN(5)), Weight: uint8(rng.IntN(6))}
		o.Attempt, o.Outcome, o.Vouched = rng.IntN(2) == 0, route.Outcome(rng.IntN(3)), rng.IntN(2) == 0
		if rng.IntN(9) == 0 {
			o.Tally = &facet.Tally{From: 1}
		}
		for _, d := range Catalog() {
			if s := d.Spec(); d.start(&cfg).concerns(&o) {
				concerned[s.Name]++
				if s.When != 0 && s.When&o.signs() == 0 {
					t.Fatalf("%s is concerned without a sign by %+v", s.Name, o)
				}
			}
		}
	}
	for _, d := range Catalog() {
		if concerned[d.Spec().Name] == 0 {
			t.Errorf("%s was never concerned", d.Spec().Name)
		}
	}
}
