package tail

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFollow(t *testing.T) {
	y := newYard(t)
	y.append("a.log", "one\ntwo\r\n\nthree\npart")
	var to sink
	y.follow(&to)
	to.want(t, "one", "two\r", "three")
	y.append("a.log", "ial\n")
	to.want(t, "one", "two\r", "three", "partial")
	y.append("b.log", "other\n")
	to.want(t, "one", "two\r", "three", "partial", "other")
	if n := len(to.sources()); n != 2 {
		t.Errorf("%d sources, want 2", n)
	}
	if got := to.places[to.topics[0]+"@10"]; got != "three" { // "one\n", "two\r\n" and "\n" take ten bytes
		t.Errorf("at offset 10 is %q", got)
	}
}

func TestWithoutNotifications(t *testing.T) {
	y := newYard(t)
	y.cfg.Files = []string{y.path("sub/*.log")} // a directory that cannot be watched yet
	var to sink
	y.follow(&to)
	if err := os.Mkdir(y.path("sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	y.append("sub/a.log", "one\n")
	to.want(t, "one")
}

func TestRenamed(t *testing.T) {
	y := newYard(t)
	y.append("a.log", "one\n")
	var to sink
	y.follow(&to)
	to.want(t, "one")
	old, err := os.OpenFile(y.path("a.log"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = old.Close() }()
	y.rename("a.log", "a.log.1")
	// A server writes on to the old file until it is told to open the new one.
	if _, err := old.WriteString("two\nlast without end"); err != nil {
		t.Fatal(err)
	}
	y.append("a.log", "three\n")
	to.want(t, "one", "two", "three", "last without end")
	if n := len(to.sources()); n != 2 {
		t.Errorf("%d sources, want 2", n)
	}
}

func TestRenamedWithinThePattern(t *testing.T) {
	y := newYard(t)
	y.append("a.log", "one\n")
	var to sink
	y.follow(&to)
	to.want(t, "one")
	y.rename("a.log", "b.log")
	y.append("a.log", "two\n")
	to.want(t, "one", "two")
	y.append("b.log", "three\n")
	to.want(t, "one", "two", "three")
	if len(to.twice) > 0 || len(to.sources()) != 2 {
		t.Errorf("read twice: %q, sources %q", to.twice, to.sources())
	}
}

func TestEmptied(t *testing.T) {
	for _, tt := range []struct{ name, before, after string }{
		{"shorter", "one\ntwo\n", "three\n"},
		{"as long", "one\n", "two\n"},
		{"longer", "one\n", "three\nfour\n"},
		{"with the same beginning", "#head\none\n", "#head\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			y := newYard(t)
			y.append("a.log", tt.before)
			var to sink
			stop := y.follow(&to)
			lines := strings.Fields(tt.before)
			to.want(t, lines...)
			if err := os.Truncate(y.path("a.log"), 0); err != nil {
				t.Fatal(err)
			}
			y.append("a.log", tt.after)
			lines = append(lines, strings.Fields(tt.after)...)
			to.want(t, lines...)
			y.append("a.log", "more\n")
			to.want(t, append(lines, "more")...)
			if len(to.twice) > 0 {
				t.Errorf("places of %q were used twice", to.twice)
			}
			stop()
			y.append("a.log", "again\n")
			y.follow(&to)
			to.want(t, append(lines, "more", "again")...)
			if n := len(to.sources()); n != 2 {
				t.Errorf("%d sources, want 2", n)
			}
		})
	}
}

func TestDeleted(t *testing.T) {
	y := newYard(t)
	y.append("a.log", "one\n")
	var to sink
	y.follow(&to)
	to.want(t, "one")
	if err := os.Remove(y.path("a.log")); err != nil {
		t.Fatal(err)
	}
	y.append("a.log", "two\n")
	to.want(t, "one", "two")
}

func TestLinks(t *testing.T) {
	y := newYard(t)
	if err := os.Mkdir(y.path("pod"), 0o700); err != nil {
		t.Fatal(err)
	}
	y.append("pod/0", "one\n")
	if err := os.Symlink("pod/0", y.path("a.log")); err != nil {
		t.Fatal(err)
	}
	var to sink
	y.follow(&to)
	to.want(t, "one")
	y.rename("pod/0", "pod/0.old")
	y.append("pod/0.old", "two\n")
	y.append("pod/0", "three\n")
	to.want(t, "one", "two", "three")
}

func TestRestart(t *testing.T) {
	y := newYard(t)
	y.append("a.log", "one\ntwo\n")
	var to sink
	stop := y.follow(&to)
	to.want(t, "one", "two")
	stop()
	y.append("a.log", "three\n")
	stop = y.follow(&to)
	to.want(t, "one", "two", "three")
	stop()
	// Rotated while nobody looked: the rest of the old file is read as well, and before the new one.
	y.append("a.log", "four\n")
	y.rename("a.log", "a.log.1")
	y.append("a.log", "five\n")
	y.follow(&to)
	to.want(t, "one", "two", "three", "four", "five")
	if len(to.twice) > 0 || len(to.sources()) != 2 {
		t.Errorf("read twice: %q, sources %q", to.twice, to.sources())
	}
}

// TestNotAcknowledged stops before what was handed over is safe: it is handed over again, from the same places.
func TestNotAcknowledged(t *testing.T) {
	y := newYard(t)
	y.append("a.log", "one\n")
	var to sink
	stop := y.follow(&to)
	to.want(t, "one")
	to.mu.Lock()
	to.hold = true
	to.mu.Unlock()
	y.append("a.log", "two\n")
	to.want(t, "one", "two")
	y.append("a.log", "three\n")
	// The end waits in vain for what was handed over, and nothing of it is remembered.
	stop()
	to.mu.Lock()
	to.hold = false
	to.mu.Unlock()
	y.follow(&to)
	to.want(t, "one", "two", "two", "three")
	if diff := cmp.Diff([]string{"two"}, to.twice); diff != "" {
		t.Errorf("handed over again (-want +got):\n%s", diff)
	}
}

func TestLongLines(t *testing.T) {
	y := newYard(t)
	y.cfg.MaxLine = 1000
	long, huge := strings.Repeat("x", 1001), strings.Repeat("y", 3*readSize)
	y.append("a.log", "one\n"+long+"\n"+strings.Repeat("z", 1000)+"\n"+huge)
	var to sink
	y.follow(&to)
	want := []string{"one", long, strings.Repeat("z", 1000), strings.Repeat("y", 1001)}
	to.want(t, want...)
	y.append("a.log", "yyy\ntwo\n")
	to.want(t, append(want, "two")...)
}

func TestManyFiles(t *testing.T) {
	y := newYard(t)
	y.cfg.MaxOpen = 3
	var to sink
	y.follow(&to)
	for round := range 3 {
		for n := range 10 {
			y.append(fmt.Sprintf("%d.log", n), fmt.Sprintf("round %d\n", round))
		}
		to.reach(t, (round+1)*10)
	}
	if len(to.twice) > 0 || len(to.sources()) != 10 {
		t.Errorf("read twice: %q, sources %q", to.twice, to.sources())
	}
}

func TestCompressedAndOdd(t *testing.T) {
	y := newYard(t)
	y.append("old.log", "\x1f\x8b\x08 and so on\n")
	y.append("a.log", "one\n")
	if err := os.Mkdir(y.path("dir.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", y.path("link.log")); err != nil {
		t.Fatal(err)
	}
	var to sink
	stop := y.follow(&to)
	to.want(t, "one")
	stop()
	to.want(t, "one")
}

func TestBusy(t *testing.T) {
	y := newYard(t)
	var to sink
	y.follow(&to)
	const rounds, lines = 20, 500
	for r := range rounds {
		var b strings.Builder
		for n := range lines {
			fmt.Fprintf(&b, "line %d %d\n", r, n)
		}
		y.append("a.log", b.String())
		if r%5 == 4 {
			to.reach(t, r*lines+1) // what comes and goes while nobody looks is not seen
			y.rename("a.log", fmt.Sprintf("a.log.%d", r))
		}
	}
	to.reach(t, rounds*lines)
	if len(to.twice) > 0 {
		t.Errorf("%d lines were read twice", len(to.twice))
	}
}
