package scene

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/site"
)

// times is a format and a sink at once: it keeps when each request was.
type times struct {
	at   []int64
	fail error
}

func (f *times) Append(b []byte, q *site.Request) []byte { return strconv.AppendInt(b, q.At, 10) }

func (f *times) Line(line []byte) error {
	at, err := strconv.ParseInt(string(line), 10, 64)
	if err != nil {
		return err
	}
	f.at = append(f.at, at)
	return f.fail
}

// walker acts a number of times, at random distances.
type walker struct {
	d    dice.Dice
	left int
	from internet.Client
	q    site.Request
	add  bool
}

func (w *walker) Act(s *Scene, now int64) int64 {
	s.Site.Ask(&w.q, &w.from, site.Health, 0, 0)
	s.Send(&w.q, w.d)
	w.left--
	if w.add && w.left%10 == 0 {
		s.Add(&walker{d: w.d, left: 3, from: w.from}, now)
	}
	if w.left == 0 {
		return calendar.Never
	}
	return now + w.d.Int64N(50)
}

func TestActorsActInTheOrderOfTime(t *testing.T) {
	out := &times{}
	s := New(site.New(), out, out)
	const actors, acts = 300, 40
	for i := range actors {
		d := dice.New(1, "walker", i)
		s.Add(&walker{d: d, left: acts, add: true}, d.Int64N(1000))
	}
	if err := s.Run(t.Context(), 1<<40); err != nil {
		t.Fatal(err)
	}
	// Each adds four that act three times.
	if want := actors * (acts + 4*3); len(out.at) != want {
		t.Errorf("%d acts, want %d", len(out.at), want)
	}
	if !slices.IsSorted(out.at) {
		t.Error("they are not in the order of time")
	}
	if live := len(s.actors) - len(s.free); live != 0 {
		t.Errorf("%d actors are kept that never act again", live)
	}
}

func TestRunEnds(t *testing.T) {
	full := errors.New("disk is full")
	out := &times{fail: full}
	s := New(site.New(), out, out)
	s.Add(&walker{d: dice.New(1, "w", 0), left: 100}, 5)
	if err := s.Run(t.Context(), 1<<40); !errors.Is(err, full) || len(out.at) != 1 {
		t.Errorf("%v after %d lines, want the sink's error after the first", err, len(out.at))
	}
	out = &times{}
	s = New(site.New(), out, out)
	s.Add(&walker{d: dice.New(1, "w", 0), left: 100}, 5)
	if err := s.Run(t.Context(), 5); err != nil || len(out.at) != 0 {
		t.Errorf("%v and %d lines, want none at the end itself", err, len(out.at))
	}
}

// TestConditions holds what the site suffers against when it does.
func TestConditions(t *testing.T) {
	shop := site.New()
	shop.Suffer(site.Condition{Begin: 200, End: 300, Service: "gateway", Lost: 1})
	shop.Suffer(site.Condition{Begin: 100, End: 150, Path: "/health", Fail: 1, Status: 503})
	shop.Suffer(site.Condition{Begin: 0, End: 1 << 40, Service: "orders", Lost: 1})
	d, from := dice.New(1, "c", 0), internet.Client{}
	for _, tt := range []struct {
		at     int64
		came   bool
		status int
	}{{0, true, 200}, {99, true, 200}, {100, true, 503}, {149, true, 503}, {150, true, 200}, {200, false, 0}, {299, false, 0}, {300, true, 200}} {
		shop.Advance(tt.at)
		var q site.Request
		shop.Ask(&q, &from, site.Health, 0, 0)
		if came := shop.Answer(&q, d); came != tt.came || came && q.Status != tt.status {
			t.Errorf("at %d: came %v with %d, want %v with %d", tt.at, came, q.Status, tt.came, tt.status)
		}
	}
}
