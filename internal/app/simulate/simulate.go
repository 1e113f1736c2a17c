package simulate

import (
	"context"
	"fmt"
	"time"

	"gatewatch/internal/app/simulate/attack"
	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/campaign"
	"gatewatch/internal/app/simulate/crowd"
	"gatewatch/internal/app/simulate/render"
	"gatewatch/internal/app/simulate/scenario"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/app/simulate/site"
	"gatewatch/internal/label"
)

// Simulation is one run. One goroutine owns it, but for its progress.
type Simulation struct {
	calendar  *calendar.Calendar
	scene     *scene.Scene
	campaigns []*campaign.Campaign
}

// New sets everything up for a simulation whose lines go to a sink. Nothing is written yet.
func New(cfg Config, to scene.Sink) (*Simulation, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	begin, err := cfg.begin()
	if err != nil {
		return nil, err
	}
	attacks, err := choose("attack", cfg.Attacks, attackNames())
	if err != nil {
		return nil, err
	}
	scenarios, err := choose("scenario", cfg.Scenarios, scenarioNames())
	if err != nil {
		return nil, err
	}
	format, err := render.New(cfg.Format, begin.Location())
	if err != nil {
		return nil, err
	}
	cal, shop := calendar.New(begin, cfg.Days), site.New()
	s := &Simulation{calendar: cal, scene: scene.New(shop, format, to)}
	plan := scenario.Config{Seed: cfg.Seed, Names: scenarios, Holidays: cfg.Holidays, Days: cfg.Days}
	benign, err := scenario.Plan(plan, cal, shop)
	if err != nil {
		return nil, fmt.Errorf("planning scenarios: %w", err)
	}
	people := crowd.New(crowd.Config{Seed: cfg.Seed, Clients: cfg.Clients, Activity: cfg.Activity}, cal)
	people.Enter(s.scene)
	hostile, err := attack.Plan(attack.Config{
		Seed: cfg.Seed, Names: attacks, Repeat: cfg.Repeat, Intensity: cfg.Intensity, Stealth: cfg.Stealth, Quiet: cfg.quiet(),
	}, attack.World{Scene: s.scene, Crowd: people, Calendar: cal})
	if err != nil {
		return nil, fmt.Errorf("planning attacks: %w", err)
	}
	s.campaigns = append(benign, hostile...)
	return s, nil
}

// Run simulates until the end, or until the context ends.
func (s *Simulation) Run(ctx context.Context) error {
	if err := s.scene.Run(ctx, s.calendar.End.UnixNano()); err != nil {
		return fmt.Errorf("writing lines: %w", err)
	}
	return nil
}

// Labels are the truth about what has been simulated, in the order in which it began.
func (s *Simulation) Labels() []label.Label {
	return attack.Labels(s.campaigns, time.Unix(0, s.scene.Progress.Now.Load()))
}

// Progress is how far a simulation has got.
type Progress struct {
	Lines, Bytes int64
	Done         float64 // part of the time
}

// Progress tells how far the simulation has got. Any goroutine may ask.
func (s *Simulation) Progress() Progress {
	p := &s.scene.Progress
	begin := s.calendar.Begin
	done := float64(p.Now.Load()-begin.UnixNano()) / float64(s.calendar.End.Sub(begin))
	return Progress{Lines: p.Lines.Load(), Bytes: p.Bytes.Load(), Done: min(max(done, 0), 1)}
}

// Span is from when to when it is simulated.
func (s *Simulation) Span() (begin, end time.Time) { return s.calendar.Begin, s.calendar.End }
