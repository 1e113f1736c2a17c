package tail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sink keeps the lines it is given with their offsets, and acknowledges them unless told to hold on.
type sink struct {
	mu     sync.Mutex
	lines  []string
	topics []string // one for each line
	places map[string]string
	twice  []string
	other  []string // places that were used for two lines
	held   []func()
	hold   bool
}

func (s *sink) Take(_ context.Context, b Batch, acked func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range b.Lines {
		place := fmt.Sprintf("%s@%d", b.Topic, l.Offset)
		if before, ok := s.places[place]; ok {
			s.twice = append(s.twice, before)
			if before != string(l.Data) {
				s.other = append(s.other, before+" and "+string(l.Data))
			}
		}
		if s.places == nil {
			s.places = map[string]string{}
		}
		s.places[place] = string(l.Data)
		s.lines = append(s.lines, string(l.Data))
		s.topics = append(s.topics, b.Topic)
	}
	if s.hold {
		s.held = append(s.held, acked)
		return nil
	}
	acked()
	return nil
}

func (s *sink) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines)
}

// want waits until the lines have come, in their order.
func (s *sink) want(t *testing.T, lines ...string) {
	t.Helper()
	s.reach(t, len(lines))
	if diff := cmp.Diff(lines, s.all()); diff != "" {
		t.Fatalf("lines (-want +got):\n%s", diff)
	}
}

// reach waits until so many lines have come.
func (s *sink) reach(t *testing.T, n int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(s.all()) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d lines of %d", len(s.all()), n)
		}
	}
}

// distinct waits until so many different lines have come.
func (s *sink) distinct(t *testing.T, n int, trace *[]string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(s.seen()) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d different lines of %d after %s", len(s.seen()), n, strings.Join(*trace, ", "))
		}
	}
}

// sources are the different topics of the lines, in the order in which they came.
func (s *sink) sources() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, topic := range s.topics {
		if !slices.Contains(all, topic) {
			all = append(all, topic)
		}
	}
	return all
}

// yard is a directory with logs, and one with positions.
type yard struct {
	*testing.T
	dir string
	cfg Config
}

func newYard(t *testing.T) *yard {
	t.Helper()
	y := &yard{T: t, dir: t.TempDir()}
	y.cfg = Config{Files: []string{filepath.Join(y.dir, "*.log")}, Dir: t.TempDir(), Interval: 20 * time.Millisecond}
	return y
}

func (y *yard) path(name string) string { return filepath.Join(y.dir, name) }

func (y *yard) append(name, text string) {
	y.Helper()
	f, err := os.OpenFile(y.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		y.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		y.Fatal(err)
	}
	if err := f.Close(); err != nil {
		y.Fatal(err)
	}
}

func (y *yard) rename(from, to string) {
	y.Helper()
	if err := os.Rename(y.path(from), y.path(to)); err != nil {
		y.Fatal(err)
	}
}

// follow follows the yard's files until stop is called, which returns what Run does.
func (y *yard) follow(to Sink) (stop func()) {
	y.Helper()
	tl, err := New(y.cfg, to)
	if err != nil {
		y.Fatal(err)
	}
	tl.linger, tl.grace = 50*time.Millisecond, 50*time.Millisecond
	ctx, cancel := context.WithCancel(y.Context())
	ended := make(chan error, 1)
	go func() { ended <- tl.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				y.Errorf("Run: %v", err)
			}
		})
	}
	y.Cleanup(stop)
	return stop
}
