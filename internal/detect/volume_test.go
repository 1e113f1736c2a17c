package detect

import (
	"testing"

	"gatewatch/internal/event"
)

// TestVolumeCountsBytesOfAnyLog is about logs that tell the size of the body, or only that of the whole answer.
func TestVolumeCountsBytesOfAnyLog(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*event.Event)
		want uint64
	}{
		{"body", func(e *event.Event) { e.SetBodyBytesOut(700) }, 700},
		{"whole answer", func(e *event.Event) { e.SetBytesOut(900) }, 900},
		{"neither", func(*event.Event) {}, 0},
		{"less than nothing", func(e *event.Event) { e.SetBytesOut(-1) }, 0},
	} {
		var s volumeAnomalyState
		var e event.Event
		tt.set(&e)
		s.add(&Observation{Event: &e})
		if s.Sent != tt.want {
			t.Errorf("%s: %d bytes, want %d", tt.name, s.Sent, tt.want)
		}
	}
}
