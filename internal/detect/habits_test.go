package detect

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gatewatch/internal/event"
)

func TestHabitsTellServicesApart(t *testing.T) {
	h := &habits{}
	o := Observation{Event: &event.Event{Service: "shop"}, Kind: event.KindNetwork}
	shop := h.place(&o)
	if again := h.place(&o); again != shop {
		t.Errorf("the same service is at %d and then at %d", shop, again)
	}
	o.Kind = event.KindPrincipal
	if h.place(&o) == shop {
		t.Error("principals share the habits of networks")
	}
	o.Kind, o.Event.Service, o.HostHash = event.KindNetwork, "", 77
	if h.place(&o) == shop {
		t.Error("a host without a service shares another service's habits")
	}
}

func TestHabitsAreBounded(t *testing.T) {
	h := &habits{}
	o := Observation{Event: &event.Event{}, Kind: event.KindNetwork}
	places := map[uint8]bool{}
	for i := range 10 * habitServices {
		o.Event.Service = fmt.Sprintf("made-up-%d", i)
		places[h.place(&o)] = true
	}
	if len(places) != habitServices {
		t.Errorf("%d places, want %d", len(places), habitServices)
	}
	o.Event.Service = "made-up-0"
	if h.place(&o)/habitKinds != 1 {
		t.Error("a service that was there lost its place")
	}
	for place := range 256 {
		h.at(uint8(place)) // a state that was damaged finds some habits
	}
}

func TestHabitsAreSaved(t *testing.T) {
	h := &habits{}
	h.service(5)
	h.Services[1].Kinds[1].Sizes[0].Weight, h.Meters[2].Tests, h.Spreads[1][1].Total = 3, 4, 5
	w := &writer{}
	h.appendTo(w)
	for _, tt := range []struct {
		name  string
		saved []byte
		want  habits
		fails bool
	}{
		{"whole", w.b, *h, false},
		{"from before there were habits", nil, habits{}, false},
		{"of another shape", append([]byte{9, 9, 0, 0}, w.b[4:]...), habits{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := &habits{}
			if err := got.readFrom(&reader{b: tt.saved}); (err != nil) != tt.fails {
				t.Fatalf("readFrom: %v", err)
			}
			if !bytes.Equal(memory(got), memory(&tt.want)) {
				t.Error("other habits than were saved")
			}
		})
	}
}

// TestClientsThatComeOften floods a detector that has a state of everybody: who comes often keeps its own.
func TestClientsThatComeOften(t *testing.T) {
	cfg := testConfig()
	cfg.MaxEntities, cfg.MaxStates, cfg.MaxEpisodes = 4096, 64, 8
	e := testEngine(t, cfg)
	g := &traffic{rng: rand.New(rand.NewPCG(1, 1))}
	for i := range 3000 {
		at := time.Duration(i) * time.Second
		if i%40 == 0 {
			g.add("192.0.2.1", at, "GET", "/often", 200)
		}
		g.add(fmt.Sprintf("10.0.%d.%d", i/256, i%256), at, "GET", "/once", 200)
	}
	fold(e, g.events)
	if n := e.States()["volume_anomaly"]; n > cfg.MaxStates {
		t.Errorf("%d states, limit %d", n, cfg.MaxStates)
	}
	key, _ := g.events[0].Key(event.KindNetwork, cfg.Seed)
	ref, ok := e.first.tables[event.KindNetwork].find(key)
	col := slices.IndexFunc(e.first.specs, func(s Spec) bool { return s.Name == "volume_anomaly" })
	clients := e.first.tables[event.KindNetwork]
	if !ok || clients.slot(clients.at(ref), col) == 0 {
		t.Fatal("who comes often has no state")
	}
	s := e.first.runners[col].(*run[volumeAnomalyState]).slab.at(clients.slot(clients.at(ref), col) - 1)
	if s.Counts[measureRequests] != 75 {
		t.Errorf("%d requests are known of 75 within the hour", s.Counts[measureRequests])
	}
}
