package service

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
)

// HostConfig is a service, and what it is run with.
type HostConfig struct {
	Service Service
	// Config is what the service was built with.
	Config config.Config
	// Sections are the parts of the configuration that concern the service; none are all.
	Sections []string
	// Load reads the configuration again; nil for one that cannot be.
	Load func() (config.Config, error)
	// Reloaded is told of a configuration that the service has taken over; nil for nobody.
	Reloaded func(config.Config) error
	// Hangup asks for a reload; nil never does.
	Hangup <-chan os.Signal
	// Admin is where the admin server listens.
	Admin    config.Admin
	Registry *prometheus.Registry
	Log      *slog.Logger
	// Supervisor is systemd's socket, "" for none.
	Supervisor string
}

// Host runs a service beside its admin server, and reloads it.
type Host struct {
	cfg      HostConfig
	admin    *telemetry.Admin
	reloads  *telemetry.Reloads
	requests chan chan<- error
	ended    chan struct{} // closed when nobody serves requests any more
	stopping atomic.Bool
}

// NewHost makes a host that does nothing yet.
func NewHost(cfg HostConfig) *Host {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Registry == nil {
		cfg.Registry = prometheus.NewRegistry()
	}
	h := &Host{cfg: cfg, reloads: telemetry.NewReloads(cfg.Registry), requests: make(chan chan<- error), ended: make(chan struct{})}
	admin := telemetry.AdminConfig{
		Listen: cfg.Admin.Listen, Pprof: cfg.Admin.Pprof, Metrics: cfg.Registry, Ready: h.ready, Log: cfg.Log,
	}
	if cfg.Load != nil {
		admin.Reload = h.Reload
	}
	h.admin = telemetry.NewAdmin(admin)
	return h
}

// Address is where the admin server listens, once it does.
func (h *Host) Address() string { return h.admin.Address() }

// Listen takes the admin server's address, so that a port that is taken is known at once. Run does so too.
func (h *Host) Listen(ctx context.Context) error { return h.admin.Listen(ctx) }

// Run runs the service until the context ends, or it does. The admin server answers until the service has stopped.
func (h *Host) Run(ctx context.Context) error {
	if err := h.admin.Listen(ctx); err != nil {
		return err
	}
	h.warn(ctx, h.cfg.Config)
	h.reloads.Done(nil)
	if at := h.admin.Address(); at != "" {
		h.cfg.Log.InfoContext(ctx, "metrics and health are served", "address", at)
	}
	h.tell(ctx, telemetry.StateReady)
	// What accompanies the service ends after it.
	around, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	g, around := errgroup.WithContext(around)
	work, stop := context.WithCancel(ctx)
	defer stop()
	g.Go(func() error {
		defer stop() // a service that nobody can ask is stopped
		return h.admin.Run(around)
	})
	g.Go(func() error { return h.serveReloads(around) })
	g.Go(func() error {
		<-work.Done()
		h.stopping.Store(true)
		h.cfg.Log.InfoContext(ctx, "stopping")
		h.tell(context.WithoutCancel(ctx), telemetry.StateStopping)
		return nil
	})
	g.Go(func() error {
		defer end()
		defer stop()
		err := h.cfg.Service.Run(work)
		if errors.Is(err, context.Canceled) && work.Err() != nil {
			return nil
		}
		return err
	})
	err := g.Wait()
	if err == nil {
		h.cfg.Log.InfoContext(ctx, "stopped")
	}
	return err
}

func (h *Host) tell(ctx context.Context, states ...string) {
	if err := telemetry.Tell(ctx, h.cfg.Supervisor, states...); err != nil {
		h.cfg.Log.WarnContext(ctx, "supervisor not told", "err", err)
	}
}

func (h *Host) ready(ctx context.Context) []telemetry.Check {
	if h.stopping.Load() {
		return []telemetry.Check{{Name: "running", Detail: "stopping"}}
	}
	return h.cfg.Service.Ready(ctx)
}

// warn logs what is not as it should be in a configuration that is valid.
func (h *Host) warn(ctx context.Context, cfg config.Config) {
	for _, w := range cfg.Warnings() {
		h.cfg.Log.WarnContext(ctx, "configuration is risky", "warning", w)
	}
}

// logFaults logs every fault of a configuration as a record of its own.
func (h *Host) logFaults(ctx context.Context, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		h.cfg.Log.ErrorContext(ctx, "configuration not reloaded, the old one stays", "err", line)
	}
}
