// Package scan folds the lines of log files into findings, once, from the oldest to the newest: the same fold that runs
// over a live stream, with the files' times for a clock. It shows nothing; the command does.
package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
	"gatewatch/internal/logfile"
	"gatewatch/internal/route"
)

// Config says what is scanned for.
type Config struct {
	// Decoder says how lines are read. Its redactor is made of Redact, one for each file.
	Decoder accesslog.Config
	// Redact says what is a secret.
	Redact identity.RedactConfig
	// Routes bounds the route templates.
	Routes route.Config
	// Engine bounds the engine, and Catalog is what it asks.
	Engine  detect.Config
	Catalog []detect.Definition
	// Since and Until bound the events looked at: Since ≤ time < Until, nanoseconds since the Unix epoch. 0 is no bound.
	Since, Until int64
	// MaxFindings is how many findings are kept, the worst; 0 is 10 000.
	MaxFindings int
	// Told gets every revision of every finding, kept or not, when it is made; it is its own until Told returns. Default: nobody.
	Told func(*finding.Finding)
	// Rejected gets the rejected lines as JSON Lines. They may contain secrets. Default: nobody.
	Rejected io.Writer
}

// Progress is how far a scan has got. It may be read while the scan runs.
type Progress struct {
	Lines, Bytes, Findings atomic.Int64
}

// Scan is one run over some logs. One goroutine owns a Scan, except for its Progress.
type Scan struct {
	Progress Progress

	cfg      Config
	engine   *detect.Engine // the first stage
	second   *detect.Engine // the second, which folds the first's facets at once
	routes   *route.Templater
	found    collection
	collect  func(*finding.Finding)
	refold   func(*facet.Facet)
	rejected *rejects
	result   Result
}

// New makes a scan.
func New(cfg Config) (*Scan, error) {
	s := &Scan{cfg: cfg, found: collection{told: cfg.Told, limit: cfg.MaxFindings}}
	var err error
	events, facets := detect.Split(cfg.Catalog)
	if s.engine, err = detect.New(cfg.Engine, events); err != nil {
		return nil, fmt.Errorf("making engine: %w", err)
	}
	if s.second, err = s.engine.Second(facets); err != nil {
		return nil, fmt.Errorf("making engine of the second stage: %w", err)
	}
	if s.routes, err = route.New(cfg.Routes); err != nil {
		return nil, fmt.Errorf("making route templates: %w", err)
	}
	if _, err := s.decoder(); err != nil {
		return nil, err
	}
	if cfg.Rejected != nil {
		s.rejected = newRejects(cfg.Rejected)
	}
	s.collect = s.found.add
	s.refold = func(f *facet.Facet) { s.second.Fold(f, s.collect) }
	s.result.Formats = map[string]int64{}
	return s, nil
}

// Run scans the sources. When the context ends, what was found so far is returned. The error tells which sources could
// not be read, or not to their end; the others have been.
func (s *Scan) Run(ctx context.Context, sources []*logfile.Source) (*Result, error) {
	streams := make([]*stream, 0, len(sources))
	sites := sites(sources)
	for i, src := range sources {
		st := &stream{scan: s, source: src, index: i, site: sites[i]}
		if len(sources) > 1 {
			st.peek()
		}
		streams = append(streams, st)
	}
	merge(ctx, streams)
	s.engine.Flush(s.collect)
	s.second.Flush(s.collect)
	errs := make([]error, 0, len(streams)+1)
	for _, st := range streams {
		errs = append(errs, st.err)
	}
	if s.rejected != nil {
		errs = append(errs, s.rejected.close())
	}
	s.finish(len(sources))
	return &s.result, errors.Join(errs...)
}

// decoder makes the decoder of one file.
func (s *Scan) decoder() (*accesslog.Decoder, error) {
	cfg := s.cfg.Decoder
	redactor, err := identity.NewRedactor(s.cfg.Redact)
	if err != nil {
		return nil, fmt.Errorf("making redactor: %w", err)
	}
	cfg.Redactor = redactor
	return accesslog.New(cfg)
}

// event folds one event.
func (s *Scan) event(e *event.Event) {
	if e.Time < s.cfg.Since || s.cfg.Until != 0 && e.Time >= s.cfg.Until {
		s.result.Outside++
		return
	}
	if s.result.Events == 0 {
		s.result.From, s.result.To = e.Time, e.Time
	}
	s.result.Events++
	s.result.From, s.result.To = min(s.result.From, e.Time), max(s.result.To, e.Time)
	s.routes.Template(e)
	s.engine.Step(e, s.collect)
	s.engine.Facets(s.refold)
}

func (s *Scan) reject(st *stream, reason format.Reason, line []byte) {
	if s.rejected != nil {
		s.rejected.write(st.source.Name, st.number, reason, line)
	}
}
