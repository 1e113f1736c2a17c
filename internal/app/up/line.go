package up

import (
	"context"
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
)

// line is services that hand records on to one another, as one service.
type line struct {
	names    []string
	services []service.Service
}

var _ service.Service = (*line)(nil)

// assemble builds the services. Each counts for itself, under its name.
func assemble(parts []Part, cfg config.Config, env service.Env) (*line, error) {
	l := &line{}
	for _, p := range parts {
		own := env
		own.Log = env.Log.With("service", p.Name)
		own.Metrics = prometheus.WrapRegistererWith(prometheus.Labels{"service": p.Name}, env.Metrics)
		s, err := p.Build(cfg, own)
		if err != nil {
			return nil, fmt.Errorf("making %s: %w", p.Name, err)
		}
		l.names = append(l.names, p.Name)
		l.services = append(l.services, s)
	}
	return l, nil
}

// Run implements service.Service. The first service stops first, and each only when the one before it has: what has been
// taken in goes as far as it can. When one ends, all do.
func (l *line) Run(ctx context.Context) error {
	var g errgroup.Group
	intake, stop := context.WithCancel(ctx)
	defer stop()
	next := intake
	for i, s := range l.services {
		before := next
		// The context outlives the caller's: the one before ends it.
		own, end := context.WithCancel(context.WithoutCancel(ctx))
		stopped, done := context.WithCancel(context.WithoutCancel(ctx))
		previous := before // the variable moves on before the goroutine looks at it
		context.AfterFunc(previous, end)
		g.Go(func() error {
			err := s.Run(own)
			// Where one has ended, the others have nothing to do: they stop, from the first on.
			stop()
			<-previous.Done()
			done()
			if err != nil && !errors.Is(err, context.Canceled) {
				return fmt.Errorf("%s: %w", l.names[i], err)
			}
			return nil
		})
		next = stopped
	}
	return g.Wait()
}

// Ready implements service.Service.
func (l *line) Ready(ctx context.Context) []telemetry.Check {
	var all []telemetry.Check
	for i, s := range l.services {
		for _, c := range s.Ready(ctx) {
			c.Name = l.names[i] + "/" + c.Name
			all = append(all, c)
		}
	}
	return all
}

// Reload implements service.Service.
func (l *line) Reload(cfg config.Config) error {
	var errs []error
	for i, s := range l.services {
		if err := s.Reload(cfg); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", l.names[i], err))
		}
	}
	return errors.Join(errs...)
}
