// Package detector is the service that folds events into findings. Each partition of the events has one goroutine, one
// engine and one position; so has each partition of the facets, which the first stage makes for the second. A finding is
// published the moment it is made. Rows of events are stored in batches that are planned before they are sent, so that
// after a crash the same batches are sent again and the store drops what it has. A checkpoint waits until every sink has
// acknowledged what was made before it. The package knows no sink by name: package connect knows them.
package detector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"gatewatch/internal/app/detector/archive"
	"gatewatch/internal/app/detector/fault"
	"gatewatch/internal/app/detector/herald"
	"gatewatch/internal/app/detector/outbound"
	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/detect"
)

// Config says what is folded, and how often it is saved.
type Config struct {
	// Group is the consumer group of the first stage; the second's has "-facets" behind the name.
	Group string
	// Topics that are read, and written to.
	Events, Facets, Findings, Rejected string
	// Engine bounds the engines and seeds them; Catalog is what they ask.
	Engine  detect.Config
	Catalog []detect.Definition
	// CheckpointInterval is how often the state of a partition is saved.
	CheckpointInterval time.Duration
	// MaxRows, MaxBytes and MaxWait end a batch of rows.
	MaxRows  int
	MaxBytes int
	MaxWait  time.Duration
	// TickInterval is how much time passes until partitions of facets are told of it; 0 never tells them.
	TickInterval time.Duration
	// MaxLag is how many records of a partition may wait before the service is not ready.
	MaxLag int64
	// Patience is how long the sinks are waited for when a partition is given back, or the service stops.
	Patience time.Duration
	// Log hears of what happens; nil discards.
	Log *slog.Logger
	// Metrics takes what is counted; nil counts for nobody.
	Metrics prometheus.Registerer
}

// Validate tells every fault.
func (c *Config) Validate() error {
	var errs []error
	for _, d := range c.Catalog {
		errs = append(errs, d.Validate())
	}
	if c.CheckpointInterval <= 0 || c.MaxWait <= 0 || c.Patience <= 0 {
		errs = append(errs, errors.New("detector: intervals of checkpoints, of batches and for stopping must be above 0"))
	}
	if c.MaxRows <= 0 || c.MaxBytes <= 0 {
		errs = append(errs, errors.New("detector: batches must hold rows"))
	}
	return errors.Join(append(errs, c.Engine.Validate())...)
}

// Detector is the service. New makes it without doing anything; Run may be called once.
type Detector struct {
	cfg     Config
	key     uint64 // identifies the hash key
	log     *slog.Logger
	connect Connect
	metrics *metrics
	faults  fault.List
	archive *archive.Archive
	herald  *herald.Herald
	records outbound.Records
	stages  []*stage
	clock   clock
	near    atomic.Pointer[Neighbours] // nil until they are reached
	fatal   chan error

	mu      sync.Mutex // guards catalog and routes
	current catalog
}

// New makes a detector that reaches its neighbours by connect.
func New(cfg Config, connect Connect) (*Detector, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d := &Detector{
		cfg: cfg, key: fingerprint(cfg.Engine.Seed), log: cfg.Log, connect: connect, metrics: newMetrics(cfg.Metrics),
		fatal: make(chan error, 1),
	}
	d.records.TooLarge = d.metrics.tooLarge
	d.herald = herald.New(cfg.Facets, cfg.TickInterval, d.metrics.told)
	if err := d.adopt(cfg.Catalog, cfg.Engine); err != nil {
		return nil, err
	}
	d.stages = []*stage{newStage(d, "events", cfg.Events, cfg.Group), newStage(d, "facets", cfg.Facets, cfg.Group+"-facets")}
	d.stages[1].facets = true
	return d, nil
}

// Run folds until the context ends, then drains what it has begun, saves and returns nil.
func (d *Detector) Run(ctx context.Context) error {
	near, err := d.connect(ctx, d.report)
	if err != nil {
		if ctx.Err() != nil { // asked to stop while it waited
			return nil
		}
		return err
	}
	defer near.close()
	d.archive = archive.New(near.Store, d.log, &d.faults)
	d.near.Store(near)
	// What the stages hand on outlives them, and ends when they have.
	rest, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var behind sync.WaitGroup
	behind.Go(func() { d.archive.Run(rest) })
	behind.Go(func() { d.herald.Run(rest, near.Herald) })
	defer behind.Wait()
	defer end()

	err = service.Retry(ctx, d.log, "writing what was found", func(ctx context.Context) error {
		err := d.work(ctx, near)
		if lost, ok := errors.AsType[againError](err); ok {
			d.faults.Set("checkpoint", "writing", lost)
			return lost
		}
		return service.Permanent(err)
	})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// work folds until the context ends, or something that was made will never arrive.
func (d *Detector) work(ctx context.Context, near *Neighbours) error {
	d.forgive()
	g, work := errgroup.WithContext(ctx)
	g.Go(func() error {
		select {
		case <-work.Done():
			return nil
		case err := <-d.fatal:
			return err
		}
	})
	for _, s := range d.stages {
		g.Go(func() error { return s.run(work, near) })
	}
	return g.Wait()
}

// forgive forgets a failure of the time before.
func (d *Detector) forgive() {
	select {
	case <-d.fatal: //nolint:errcheck // it has been told of
	default:
	}
}

// againError is why events are folded again from the last checkpoint: a sink did not take what was made of them and never
// will, or their offsets mean other events now.
type againError struct{ error }

// Unwrap is what happened.
func (e againError) Unwrap() error { return e.error }

// fail ends the work: it cannot go on without a loss.
func (d *Detector) fail(err error) {
	select {
	case d.fatal <- err:
	default:
	}
}

// report notes what keeps the service from starting.
func (d *Detector) report(what string, err error) { d.faults.Set("start", what, err) }

// Reload takes over the detectors and what routes are for. Every partition changes over between two events and keeps its
// state; bounds stay as they were at the start.
func (d *Detector) Reload(cfg config.Config) error {
	engine := d.cfg.Engine
	engine.Routes = cfg.Engine().Routes
	if err := d.adopt(cfg.Detectors, engine); err != nil {
		return err
	}
	for _, s := range d.stages {
		s.reload()
	}
	return nil
}

// catalog is what the engines of the two stages ask.
type catalog struct {
	engine         detect.Config
	events, facets []detect.Definition
}

// adopt takes over a catalog if engines can be made of it.
func (d *Detector) adopt(all []detect.Definition, engine detect.Config) error {
	c := catalog{engine: engine}
	c.events, c.facets = detect.Split(all)
	first, err := detect.New(engine, c.events)
	if err == nil {
		_, err = first.Second(c.facets)
	}
	if err != nil {
		return fmt.Errorf("making engine: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.current = c
	return nil
}

// Reloads are the settings that Reload takes over.
func (d *Detector) Reloads() []string { return []string{"detectors", "routes"} }

// asked is what a stage's engines ask.
func (d *Detector) asked(facets bool) (detect.Config, []detect.Definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if facets {
		return d.current.engine, d.current.facets
	}
	return d.current.engine, d.current.events
}
