package tail

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// seen is how often each line has come.
func (s *sink) seen() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]int{}
	for _, l := range s.lines {
		all[l]++
	}
	return all
}

// TestStorm does at random what happens to log files: every line comes, in any order of events only once, and after an
// end without acknowledgements again from the same place.
func TestStorm(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			storm(t, rand.New(rand.NewPCG(seed, 1)))
		})
	}
}

func storm(t *testing.T, r *rand.Rand) {
	y := newYard(t)
	to := &sink{}
	var written []string
	var trace []string
	stop := y.follow(to)
	crashed := false
	settled := func() {
		t.Helper()
		to.distinct(t, len(written), &trace)
	}
	for range 40 {
		name := fmt.Sprintf("%d.log", r.IntN(3))
		op := r.IntN(8)
		trace = append(trace, fmt.Sprintf("%d %s", op, name))
		switch op {
		default: // lines, the last in two parts
			var b strings.Builder
			for range 1 + r.IntN(20) {
				written = append(written, fmt.Sprintf("line %d %s", len(written), strings.Repeat("x", r.IntN(100))))
				fmt.Fprintln(&b, written[len(written)-1])
			}
			cut := r.IntN(b.Len())
			y.append(name, b.String()[:cut])
			y.append(name, b.String()[cut:])
		case 4: // rotation by renaming, perhaps while nobody follows
			settled()
			_ = os.Rename(y.path(name), y.path(fmt.Sprintf("%s.%d", name, len(trace))))
		case 5: // rotation by emptying, of what has been read
			settled()
			if _, err := os.Stat(y.path(name)); err == nil {
				if err := os.Truncate(y.path(name), 0); err != nil {
					t.Fatal(err)
				}
			}
		case 6: // an end in order
			settled()
			stop()
			stop = y.follow(to)
		case 7: // an end before the last lines are safe
			crashed = true
			to.mu.Lock()
			to.hold = true
			to.mu.Unlock()
			written = append(written, fmt.Sprintf("line %d", len(written)))
			y.append(name, written[len(written)-1]+"\n")
			stop()
			to.mu.Lock()
			to.hold = false
			to.mu.Unlock()
			stop = y.follow(to)
		}
	}
	settled()
	stop()
	for line, n := range to.seen() {
		if n > 1 && !crashed {
			t.Errorf("%q came %d times", line, n)
		}
	}
	if got := slices.Sorted(maps.Keys(to.seen())); len(got) != len(written) {
		t.Errorf("%d different lines, want %d", len(got), len(written))
	}
	if len(to.other) > 0 {
		t.Errorf("places were used for different lines: %q", to.other)
	}
}
