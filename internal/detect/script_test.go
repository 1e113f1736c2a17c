package detect

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
)

const testSeed = 0x5eed

func testConfig() Config {
	cfg := DefaultConfig()
	cfg.Seed = testSeed
	cfg.MaxEntities, cfg.MaxStates, cfg.MaxEpisodes = 1<<16, 1<<14, 1<<10
	return cfg
}

// stages are both stages behind each other, as they are over one partition.
type stages struct{ first, second *Engine }

func testEngine(t testing.TB, cfg Config) *stages {
	t.Helper()
	return newStages(t, cfg, Catalog())
}

func newStages(t testing.TB, cfg Config, catalog []Definition) *stages {
	t.Helper()
	events, facets := Split(catalog)
	first, err1 := New(cfg, events)
	second, err2 := New(cfg, facets)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return &stages{first, second}
}

// Step folds an event, and at once its facets.
func (s *stages) Step(ev *event.Event, emit func(*finding.Finding)) {
	s.first.Step(ev, emit)
	s.first.Facets(func(f *facet.Facet) { s.second.Fold(f, emit) })
}

func (s *stages) Flush(emit func(*finding.Finding)) {
	s.first.Flush(emit)
	s.second.Flush(emit)
}

func (s *stages) States() map[string]int {
	m := s.first.States()
	maps.Copy(m, s.second.States())
	return m
}

// lineReader reads the log lines of test data: the combined format, or the canonical event as JSON.
type lineReader struct{ combined format.Parser }

func newLineReader(t testing.TB) *lineReader {
	t.Helper()
	all := text.Definitions(0)
	i := slices.IndexFunc(all, func(d format.Definition) bool { return d.Name == "combined" })
	if i < 0 {
		t.Fatal("no format combined")
	}
	return &lineReader{combined: all[i].New()}
}

func (r *lineReader) read(line string) (event.Event, error) {
	var e event.Event
	if strings.HasPrefix(line, "{") {
		return e, e.UnmarshalJSON([]byte(line))
	}
	if err := r.combined.Parse([]byte(line), &e); err != nil {
		return e, fmt.Errorf("%q: %w", line, err)
	}
	return e.Clone(0), nil
}

// parseScript reads the input of a case: log lines, and lines of the form
//
//	repeat 40 step 2s 192.0.2.1 - - [01/Jun/2026:10:00:00 +0000] "GET /p{i} HTTP/1.1" 404 153 "-" "x"
//
// which stand for 40 lines, each 2 seconds after the one before. {i} counts from 0; {i+100}, {i*7} and {i%5} compute with
// it; {r} is a number that looks random. The events are ordered by time, so that actors may be written one after another.
func parseScript(t testing.TB, script string) []event.Event {
	t.Helper()
	r := newLineReader(t)
	var events []event.Event
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		rep, err := parseRepetition(line)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rep.n {
			e, err := r.read(expand(rep.line, i))
			if err != nil {
				t.Fatal(err)
			}
			e.Time += int64(i) * rep.step.Nanoseconds()
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b event.Event) int { return cmp.Compare(a.Time, b.Time) })
	for i := range events {
		events[i].Origin = event.Origin{Topic: "test", Offset: int64(i) + 1}
	}
	template(t, events)
	return events
}

// repetition is one line of a script: a log line and how often it stands, how far apart.
type repetition struct {
	n    int
	step time.Duration
	line string
}

func parseRepetition(line string) (repetition, error) {
	if !strings.HasPrefix(line, "repeat ") {
		return repetition{n: 1, line: line}, nil
	}
	f := strings.SplitN(line, " ", 5)
	if len(f) < 5 || f[2] != "step" {
		return repetition{}, fmt.Errorf("%q: want repeat N step D LINE", line)
	}
	n, err1 := strconv.Atoi(f[1])
	step, err2 := time.ParseDuration(f[3])
	return repetition{n, step, f[4]}, errors.Join(err1, err2)
}

func expand(line string, i int) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(line, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		expr, after, ok := strings.Cut(rest, "}")
		v, known := compute(expr, i)
		if !ok || !known {
			b.WriteByte('{')
			line = rest
			continue
		}
		b.WriteString(strconv.Itoa(v))
		line = after
	}
}

func compute(expr string, i int) (int, bool) {
	switch {
	case expr == "i":
		return i, true
	case expr == "r":
		return int(uint32(i+1)*2654435761>>8) % 90_000, true
	case len(expr) < 3 || expr[0] != 'i':
		return 0, false
	}
	n, err := strconv.Atoi(expr[2:])
	if err != nil {
		return 0, false
	}
	switch expr[1] {
	case '+':
		return i + n, true
	case '*':
		return i * n, true
	case '%':
		return i % n, true
	default:
		return 0, false
	}
}

// template gives the events their routes, as ingest does.
func template(t testing.TB, events []event.Event) {
	t.Helper()
	templater, err := route.New(route.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		templater.Template(&events[i])
	}
}

// fold runs events through an engine and returns copies of everything it said.
func fold(e *stages, events []event.Event) []finding.Finding {
	var out []finding.Finding
	for i := range events {
		e.Step(&events[i], func(f *finding.Finding) { out = append(out, snapshotOf(f)) })
	}
	return out
}

func flush(e *stages) []finding.Finding {
	var out []finding.Finding
	e.Flush(func(f *finding.Finding) { out = append(out, snapshotOf(f)) })
	return out
}

func snapshotOf(f *finding.Finding) finding.Finding {
	c := *f
	c.Samples = slices.Clone(f.Samples)
	return c
}
