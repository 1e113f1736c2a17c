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
		want float64
	}{
		{"body", func(e *event.Event) { e.SetBodyBytesOut(700) }, 700},
		{"whole answer", func(e *event.Event) { e.SetBytesOut(900) }, 900},
		{"neither", func(*event.Event) {}, 0},
		{"less than nothing", func(e *event.Event) { e.SetBytesOut(-1) }, 0},
	} {
		var s volumeAnomalyState
		var e event.Event
		tt.set(&e)
		s.add(&e)
		if s.value(measureBytes) != tt.want {
			t.Errorf("%s: %g bytes, want %g", tt.name, s.value(measureBytes), tt.want)
		}
	}
}
