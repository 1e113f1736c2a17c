package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"gatewatch/internal/app/simulate"
	"gatewatch/internal/app/simulate/attack"
	"gatewatch/internal/app/simulate/scenario"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/terminal"
	"gatewatch/internal/terminal/report"
)

// World is what the command sees of the world around it.
type World struct {
	Stdout, Stderr io.Writer
	Layout         report.Layout
	// Given tells whether a flag was given.
	Given func(flag string) bool
}

// Run does what the flags say.
func (f *Flags) Run(ctx context.Context, w World) error {
	if f.list {
		return list(w)
	}
	if err := f.check(w.Given); err != nil {
		return err
	}
	to, err := f.sink(ctx, w)
	if err != nil {
		return err
	}
	s, err := simulate.New(f.cfg, to)
	if err != nil {
		return errors.Join(err, to.Close())
	}
	started := time.Now()
	err = errors.Join(f.watch(ctx, w, s), to.Close())
	labels := s.Labels()
	if f.labels != "" {
		err = errors.Join(err, simulate.WriteLabels(f.labels, labels))
	}
	if err != nil || f.quiet {
		return err
	}
	p, took := s.Progress(), time.Since(started)
	fmt.Fprintf(w.Stderr, "gatewatch: %s lines, %d labels, in %s (%s lines/s)\n",
		terminal.Count(p.Lines), len(labels), took.Round(100*time.Millisecond), terminal.Count(int64(float64(p.Lines)/took.Seconds())))
	return nil
}

// sink is where lines go, and what has to be closed.
type sink interface {
	scene.Sink
	Close() error
}

func (f *Flags) sink(ctx context.Context, w World) (sink, error) {
	switch {
	case f.toKafka():
		return simulate.Open(ctx, f.topic)
	case f.output == "-":
		return simulate.To(w.Stdout), nil
	default:
		return simulate.Create(f.output)
	}
}

// reporting is how often a long simulation tells how far it is.
const reporting = 5 * time.Second

// watch runs the simulation, and tells now and then how far it is.
func (f *Flags) watch(ctx context.Context, w World, s *simulate.Simulation) error {
	if f.quiet {
		return s.Run(ctx)
	}
	stop := make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() {
		tick := time.NewTicker(reporting)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				p := s.Progress()
				fmt.Fprintf(w.Stderr, "gatewatch: %.0f %%, %s lines\n", 100*p.Done, terminal.Count(p.Lines))
			}
		}
	})
	defer telling.Wait()
	defer close(stop)
	return s.Run(ctx)
}

func list(w World) error {
	var rows [][]string
	for _, a := range attack.All() {
		rows = append(rows, []string{a.Name, a.Family, a.About})
	}
	for _, s := range scenario.All() {
		rows = append(rows, []string{s.Name, "(scenario)", s.About})
	}
	return report.List(w.Stdout, []string{"NAME", "FAMILY", "ABOUT"}, rows, w.Layout)
}
