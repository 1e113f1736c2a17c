package fold

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

const (
	// quietBytes and busyBytes are what a client may take over all detectors: one that comes for a visit or two, and one that
	// comes all day.
	quietBytes = 512
	busyBytes  = 4096
)

// pair is both stages behind each other, with room for very many clients.
type pair struct{ first, second *detect.Engine }

func newPair(tb testing.TB, entities int) *pair {
	tb.Helper()
	cfg := detect.DefaultConfig()
	cfg.Seed, cfg.MaxEntities, cfg.MaxStates = seed, entities, entities
	one, two := detect.Split(detect.Catalog())
	first, err := detect.New(cfg, one)
	if err != nil {
		tb.Fatal(err)
	}
	second, err := first.Second(two)
	if err != nil {
		tb.Fatal(err)
	}
	return &pair{first, second}
}

func (p *pair) step(e *event.Event) {
	p.first.Step(e, func(*finding.Finding) {})
	p.first.Facets(func(f *facet.Facet) { p.second.Fold(f, func(*finding.Finding) {}) })
}

// footprint is the engine's own account, in bytes.
func (p *pair) footprint() map[string]int {
	all := p.first.Footprint()
	for name, bytes := range p.second.Footprint() {
		all[name] += bytes
	}
	return all
}

func sum(of map[string]int) int {
	n := 0
	for _, v := range of {
		n += v
	}
	return n
}

// quiet lets everybody come, and half of them again the next day.
func (p *pair) quiet(c *crowd, people int) {
	c.come(people, func(visit int) int { return visit }, p.step)
	c.now += int64(6 * time.Hour)
	c.come(people/2, func(visit int) int { return visit*2 + visit/5%2 }, p.step)
}

// TestMemory holds what a client takes to what it may, by the engine's own account.
func TestMemory(t *testing.T) {
	const people = 61_440
	p, c := newPair(t, 1<<18), &crowd{now: morning}
	p.quiet(c, people)
	before := p.footprint()
	if got := sum(before) / people; got > quietBytes {
		t.Errorf("%d bytes for a quiet client, want at most %d:\n%s", got, quietBytes, listed(before, people))
	}
	c.stay(people/10, 3*time.Hour, p.step)
	after := p.footprint()
	for name := range before {
		after[name] -= before[name]
	}
	if got := sum(after) / (people / 10); got > busyBytes {
		t.Errorf("%d bytes for a busy client, want at most %d:\n%s", got, busyBytes, listed(after, people/10))
	}
}

var morning = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC).UnixNano()

// listed is what takes memory, by client, the most first.
func listed(of map[string]int, clients int) string {
	var b strings.Builder
	for _, name := range slices.SortedFunc(maps.Keys(of), func(x, y string) int { return of[y] - of[x] }) {
		if of[name] > 0 {
			fmt.Fprintf(&b, "  %-22s %8.1f\n", name, float64(of[name])/float64(clients))
		}
	}
	return b.String()
}

// memory is the heap that is in use and the memory that the process has, after what is garbage is gone.
func memory(tb testing.TB) (heap, resident int) {
	tb.Helper()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		tb.Fatal(err)
	}
	pagesOf, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		tb.Fatal(err)
	}
	return int(m.HeapAlloc), pagesOf * os.Getpagesize()
}

// BenchmarkMemory is what a million clients take, each of whom comes for a visit or two, and what then some take that come
// all day.
func BenchmarkMemory(b *testing.B) {
	const people, regulars = 1_000_000, 10_000
	for b.Loop() {
		heap, resident := memory(b)
		p, c := newPair(b, 1<<22), &crowd{now: morning}
		p.quiet(c, people)
		h, r := memory(b)
		own := p.footprint()
		b.ReportMetric(float64(h-heap)/people, "quiet-heap-B/client")
		b.ReportMetric(float64(r-resident)/people, "quiet-rss-B/client")
		b.ReportMetric(float64(sum(own))/people, "quiet-own-B/client")
		c.stay(regulars, 24*time.Hour, p.step)
		all, _ := memory(b)
		b.ReportMetric(float64(all-h)/regulars, "busy-heap-B/client")
		now := p.footprint()
		for name := range own {
			now[name] -= own[name]
		}
		b.ReportMetric(float64(sum(now))/regulars, "busy-own-B/client")
		b.Logf("bytes of a quiet client:\n%s", listed(own, people))
		b.Logf("bytes of a busy client:\n%s", listed(now, regulars))
		runtime.KeepAlive(p)
	}
	b.ReportMetric(0, "ns/op")
}
