package playback

import (
	"testing"
	"time"

	"gatewatch/internal/accesslog"
)

const dir = "../../testdata/recordings"

// TestMove: every time in every line moves, by the same span, and the lines stay in order.
func TestMove(t *testing.T) {
	lines, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) < 20_000 {
		t.Fatalf("%d lines", len(lines))
	}
	const by = 400*24*time.Hour + 3*time.Hour + 7*time.Second
	decoder, err := accesslog.New(accesslog.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after clock
	for i, l := range Move(lines, by+300*time.Millisecond) {
		if i > 0 && l.At.Before(lines[i-1].At.Add(by)) {
			t.Fatalf("line %d is due %v, before the line above it", i, l.At)
		}
		decoder.Decode(lines[i].Text, &before)
		after.decoded = false
		decoder.Decode(l.Text, &after)
		if got := after.at.Sub(before.at); got != by || !after.decoded {
			t.Fatalf("moved by %v, want %v:\n%s\n%s", got, by, lines[i].Text, l.Text)
		}
	}
}

func TestActors(t *testing.T) {
	actors, err := Actors(dir)
	if err != nil {
		t.Fatal(err)
	}
	attackers := 0
	for i := range actors {
		if actors[i].Attacks() {
			attackers++
		}
	}
	if attackers < 40 || len(actors) < 80 {
		t.Errorf("%d attackers of %d actors", attackers, len(actors))
	}
}
