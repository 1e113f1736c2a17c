package main

import (
	"context"
	"fmt"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/app/simulate"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"
)

// month is one simulated month, and what is measured of it.
type month struct {
	seed                uint64
	days, clients, warm int

	begin    time.Time
	decoder  *accesslog.Decoder
	routes   *route.Templater
	watchers []*watcher
	spread   spread
	holidays []string // dates, told when it is over
}

// watcher is an engine with a detector of unusual volumes alone.
type watcher struct {
	name   string
	budget float64
	engine *detect.Engine
	perDay []int
	known  rate
	young  rate
	byWhat map[string]int
	meant  bool // a budget with the floors of the defaults
}

// rate is alerts of tests.
type rate struct{ alerts, tests int }

// setups are the thresholds that are measured: budgets without floors, and behind those of the defaults.
func setups() []watcher {
	var out []watcher
	for _, floors := range []bool{false, true} {
		for _, budget := range []float64{1, 10, 100} {
			name := fmt.Sprintf("%g a day, floors at their least", budget)
			if floors {
				name = fmt.Sprintf("%g a day, floors of the defaults", budget)
			}
			out = append(out, watcher{name: name, budget: budget, meant: floors})
		}
	}
	return out
}

func (w *watcher) thresholds() detect.VolumeAnomalyConfig {
	cfg := detect.DefaultVolumeAnomaly()
	cfg.AlertsPerDay = w.budget
	if !w.meant {
		cfg.Requests, cfg.Refused, cfg.Failed, cfg.Bytes, cfg.Seconds, cfg.Ratio = 2, 2, 2, 1, 1, 1
	}
	return cfg
}

func (m *month) run(ctx context.Context) error {
	cfg := simulate.DefaultConfig()
	cfg.Seed, cfg.Days, cfg.Clients, cfg.Attacks = m.seed, m.days, m.clients, []string{"none"}
	sim, err := simulate.New(cfg, m)
	if err != nil {
		return err
	}
	m.begin, _ = sim.Span()
	if m.decoder, err = accesslog.New(accesslog.Config{Format: cfg.Format}); err != nil {
		return err
	}
	if m.routes, err = route.New(route.DefaultConfig()); err != nil {
		return err
	}
	if err := m.watch(); err != nil {
		return err
	}
	if err := sim.Run(ctx); err != nil {
		return err
	}
	for _, l := range sim.Labels() {
		if l.Technique == "holiday" {
			m.holidays = append(m.holidays, l.Begin.In(m.begin.Location()).Format(time.DateOnly))
		}
	}
	return nil
}

// watch makes the engines.
func (m *month) watch() error {
	engine := detect.DefaultConfig()
	engine.Seed, engine.Zone = 1, m.begin.Location()
	for i, w := range setups() {
		detector := detect.NewVolumeAnomaly(w.thresholds())
		if i == 0 {
			m.spread.after = m.begin.AddDate(0, 0, m.warm).UnixNano()
			detector = detector.Audit(m.spread.add)
		}
		var err error
		if w.engine, err = detect.New(engine, []detect.Definition{detect.Define(detector)}); err != nil {
			return err
		}
		w.perDay, w.byWhat = make([]int, m.days+1), map[string]int{}
		m.watchers = append(m.watchers, &w)
	}
	return nil
}

// Line implements the sink of a simulation.
func (m *month) Line(line []byte) error {
	m.decoder.Decode(line, m)
	return nil
}

// Event implements accesslog.Sink.
func (m *month) Event(e *event.Event) {
	m.routes.Template(e)
	for _, w := range m.watchers {
		w.engine.Step(e, m.count(w))
	}
}

// Reject implements accesslog.Sink.
func (m *month) Reject(format.Reason, []byte) {}

// count counts the findings of an engine by their day.
func (m *month) count(w *watcher) func(*finding.Finding) {
	return func(f *finding.Finding) {
		if f.Activity != finding.Create {
			return
		}
		w.perDay[m.day(f.FirstSeen)]++
		w.byWhat[f.Evidence[0].Name]++
		for _, n := range f.Evidence {
			switch {
			case n.Name != "known_hours":
			case n.Value < 24:
				w.young.alerts++
			default:
				w.known.alerts++
			}
		}
	}
}

func (m *month) day(at int64) int {
	return min(max(int((at-m.begin.UnixNano())/int64(24*time.Hour)), 0), m.days)
}
