// Package up is the whole of gatewatch in one command: the embedded stack, the services on it, and the findings as they
// come. What each service does is its own concern; here is in which order they start and stop, and what the user is told.
package up

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/embedded"
	"gatewatch/internal/telemetry"
	"gatewatch/internal/terminal"
)

// Config says what is run, and what the user is shown.
type Config struct {
	// Stack is where the data is kept and on which ports the servers listen.
	Stack embedded.Config
	// Load reads the configuration of the services. What concerns the embedded stack is put over it.
	Load func() (config.Config, error)
	// Topics are what shippers write to; none are those of the configuration.
	Topics []string
	// Partitions is how many partitions the topics are created with.
	Partitions int
	// Webhooks are URLs that notifications are sent to as well, at any address.
	Webhooks []string
	// MinSeverity is the least severity that is shown and told; "" is the configuration's for what is told, and all are shown.
	MinSeverity string
	// Push is where POST /v1/logs is served, "none" for nowhere; "" is the usual port of the loopback interface, or any.
	Push string
	// Admin is where metrics and health are served, "none" for nowhere; "" is the usual port, or any.
	Admin string
	// Parts are the services, in the order that records go through them.
	Parts []Part
	// ConfigDir is the user's configuration directory.
	ConfigDir string
	// JSON prints findings as JSON Lines.
	JSON bool
	// Quiet prints nothing but findings, what is wrong, and how far the one-time fetch has got.
	Quiet bool
	// Out gets the findings, Err everything else; with JSON, nothing but findings is on Out.
	Out, Err io.Writer
	// Screen is what Out is, ErrScreen what Err is.
	Screen, ErrScreen terminal.Screen
	// Log hears of what goes on inside.
	Log *slog.Logger
}

// Part is a service by its name.
type Part struct {
	Name  string
	Build service.Build
}

// stopWait bounds the stop of the servers, once the services have stopped.
const stopWait = 30 * time.Second

// Run starts everything, shows findings until the context ends, and stops everything in order: intake first, servers last.
// It then returns nil.
func Run(ctx context.Context, cfg Config) (err error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	// A configuration with faults is told before anything is fetched or started.
	if _, err := cfg.services(&embedded.Stack{}, places{}); err != nil {
		return err
	}
	stack, err := cfg.stack(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
		defer cancel()
		err = errors.Join(err, stack.Stop(ctx))
	}()
	at, err := cfg.places(ctx)
	if err != nil {
		return err
	}
	services, err := cfg.services(stack, at)
	if err != nil {
		return err
	}
	return cfg.run(ctx, stack, services, at)
}

// stack starts the servers and shows how far the one-time fetch has got.
func (c *Config) stack(ctx context.Context) (*embedded.Stack, error) {
	d := &download{w: c.Err, screen: c.ErrScreen}
	stack := c.Stack
	stack.Log = c.Log
	stack.Progress = d.show // also when quiet: nobody waits minutes without a word
	s, err := embedded.Start(ctx, stack)
	d.end()
	if taken, ok := errors.AsType[*embedded.PortError](err); ok {
		return nil, fmt.Errorf("%w: choose another with --%s-port", err, taken.Part)
	}
	if errors.Is(err, embedded.ErrInUse) {
		return nil, fmt.Errorf("%w: stop it, or choose another directory with --dir", err)
	}
	return s, err
}

// run runs the services beside the admin server and the findings' printer.
func (c *Config) run(ctx context.Context, stack *embedded.Stack, cfg config.Config, at places) error {
	registry := telemetry.NewRegistry(telemetry.ThisBuild())
	line, err := assemble(c.Parts, cfg, service.Env{Log: c.Log, Metrics: registry, ConfigDir: c.ConfigDir})
	if err != nil {
		return err
	}
	host := service.NewHost(service.HostConfig{
		Service: line, Config: cfg, Admin: config.Admin{Listen: at.admin}, Registry: registry, Log: c.Log,
		Load: func() (config.Config, error) { return c.services(stack, at) },
	})
	findings, err := c.watch(ctx, cfg)
	if err != nil {
		return err
	}
	// The printer outlives the services, which make their last findings while they stop.
	printing, endPrinting := context.WithCancel(context.WithoutCancel(ctx))
	working, endWork := context.WithCancel(ctx)
	defer endWork()
	defer context.AfterFunc(ctx, c.sayStopping)()
	var g errgroup.Group
	g.Go(func() error {
		defer endWork()
		return findings.run(printing)
	})
	g.Go(func() error {
		defer endPrinting()
		defer endWork()
		return host.Run(working)
	})
	g.Go(func() error {
		c.greet(working, stack, cfg, at, line)
		return nil
	})
	g.Go(func() error {
		select {
		case err := <-stack.Wait():
			endWork()
			return err
		case <-working.Done():
			return nil
		}
	})
	return g.Wait()
}

func (c *Config) sayStopping() {
	if !c.Quiet {
		fmt.Fprintln(c.Err, "\nStopping: intake first, servers last. A second Ctrl-C stops at once.")
	}
}
