// Package service is what the services have in common: from flags and configuration to a running service that tells
// about itself, reloads, and stops in order.
package service

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
)

// Service is one of the services. New makes it without doing anything; Run does everything.
type Service interface {
	// Run works until the context ends, then stops in order and returns nil; an error ends it early.
	Run(ctx context.Context) error
	// Ready tells what the service can do its work with; it is ready when every check is OK. It does not wait long.
	Ready(ctx context.Context) []telemetry.Check
	// Reload takes over what may change while the service runs from a configuration that has been validated.
	Reload(cfg config.Config) error
}

// Env is what a service is given.
type Env struct {
	Log     *slog.Logger
	Metrics prometheus.Registerer
	// ConfigDir is the user's configuration directory, for a hash key nobody configured; "" is none.
	ConfigDir string
}

// Build makes a service of its configuration.
type Build func(cfg config.Config, env Env) (Service, error)
