// Package alerter is the service that tells people: it folds findings into incidents and delivers notifications of them
// through a durable outbox. When people are told is decided by package alert, how by package notify.
package alerter

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"golang.org/x/sync/errgroup"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/nats"
	"gatewatch/internal/telemetry"
)

// Alerter is the service. Several may run: all of them fold and deliver, and of two that decide the same only one is
// heard, because what they decide has the same id.
type Alerter struct {
	nats          nats.Config
	createStreams bool
	log           *slog.Logger
	metrics       *metrics
	troubles      troubles

	// mu guards what follows.
	mu       sync.Mutex
	settings settings
	changed  chan struct{} // closed when settings are replaced
	client   *nats.Client  // nil before the connection is made and the streams are there
	trouble  error         // why there is no client yet
	caughtUp bool
}

var _ service.Service = (*Alerter)(nil)

// Build makes the service of its configuration.
func Build(cfg config.Config, env service.Env) (service.Service, error) {
	s, err := newSettings(cfg.Alerter)
	if err != nil {
		return nil, err
	}
	conn, err := service.NATS(cfg)
	if err != nil {
		return nil, err
	}
	log := env.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	conn.Name += "-alerter"
	conn.Log = log
	return &Alerter{
		nats: conn, createStreams: cfg.NATS.CreateStreams, log: log, metrics: newMetrics(env.Metrics), settings: s,
		changed: make(chan struct{}),
	}, nil
}

// Run folds findings and delivers notifications until the context ends.
func (a *Alerter) Run(ctx context.Context) error {
	var client *nats.Client
	err := service.Retry(ctx, a.log, "connecting to nats", func(ctx context.Context) (err error) {
		client, err = nats.Connect(ctx, a.nats)
		a.setTrouble(err)
		return err
	})
	if err != nil {
		return ignoreEnd(ctx, err)
	}
	defer client.Close()
	if a.createStreams {
		err := service.Retry(ctx, a.log, "setting up streams", func(ctx context.Context) error {
			err := client.EnsureStreams(ctx)
			a.setTrouble(err)
			return err
		})
		if err != nil {
			return ignoreEnd(ctx, err)
		}
	}
	a.setClient(client)
	defer a.setClient(nil)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.fold(ctx, client) })
	g.Go(func() error { return a.deliver(ctx, client) })
	return ignoreEnd(ctx, g.Wait())
}

// ignoreEnd is the error, or nothing when the context ended: that is how a service is stopped.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // what breaks because of the end is no error
	}
	return err
}

// Ready tells whether JetStream answers and the findings of the past have been read.
func (a *Alerter) Ready(ctx context.Context) []telemetry.Check {
	a.mu.Lock()
	client, trouble, caughtUp, receivers := a.client, a.trouble, a.caughtUp, len(a.settings.receivers)
	a.mu.Unlock()
	link := telemetry.Check{Name: "nats", Detail: "not connected yet"}
	if trouble != nil {
		link.Detail = trouble.Error()
	}
	if client != nil {
		link = telemetry.Check{Name: "nats", OK: true}
		if err := client.Ping(ctx); err != nil {
			link = telemetry.Check{Name: "nats", Detail: err.Error()}
		}
	}
	findings := telemetry.Check{Name: "findings", OK: caughtUp}
	if !caughtUp {
		findings.Detail = "reading findings of the past"
	}
	return []telemetry.Check{link, findings, a.receiversCheck(receivers)}
}

// receiversCheck tells which receivers do not take what they are sent. One of several is no reason to be not ready: the
// others are told.
func (a *Alerter) receiversCheck(n int) telemetry.Check {
	check := telemetry.Check{Name: "receivers", OK: true, Detail: fmt.Sprintf("%d receivers", n)}
	if failing, why := a.troubles.list(); failing > 0 {
		check.OK = failing < n
		check.Detail = fmt.Sprintf("%d of %d receivers take nothing: %s", failing, n, why)
	}
	return check
}

// Reload takes over receivers, severities and intervals. Incidents and notifications on their way stay.
func (a *Alerter) Reload(cfg config.Config) error {
	s, err := newSettings(cfg.Alerter)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.settings = s
	close(a.changed)
	a.changed = make(chan struct{})
	return nil
}

// current is the settings, and a channel that is closed when there are others.
func (a *Alerter) current() (settings, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.settings, a.changed
}

func (a *Alerter) setClient(c *nats.Client) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.client = c
}

func (a *Alerter) setTrouble(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.trouble = err
}

func (a *Alerter) setCaughtUp(v bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.caughtUp = v
}
