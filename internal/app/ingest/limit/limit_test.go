package limit

import (
	"errors"
	"testing"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	l := Limits{}
	if got, want := l.Value("t"), 1_000_000-2048; got != want {
		t.Errorf("unknown topic: %d, want %d", got, want)
	}
	l.Learn(map[string]int32{"t": 100_000, "large": 10_000_000}, nil)
	if got, want := l.Value("t"), 100_000-2048; got != want {
		t.Errorf("small topic: %d, want %d", got, want)
	}
	if got, want := l.Value("large"), 1_000_000-2048; got != want {
		t.Errorf("large topic: %d, want the default %d", got, want)
	}
	l.Lower("t")
	l.Learn(map[string]int32{"t": 100_000}, nil)
	l.Learn(map[string]int32{"t": 1}, errors.New("no right to ask"))
	if got, want := l.Value("t"), 50_000-2048; got != want {
		t.Errorf("after it was found out that it takes less: %d, want %d", got, want)
	}
	for range 20 {
		l.Lower("t")
	}
	if got, want := l.Value("t"), 8192-2048; got != want {
		t.Errorf("at least: %d, want %d", got, want)
	}
}
