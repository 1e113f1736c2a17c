// Package ingest is the service that reads what shippers sent: raw lines from Kafka, from files and over HTTP become
// canonical events in a topic keyed by network entity, and lines that cannot be read go to another with the reason.
package ingest

import (
	"context"
	"errors"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
)

// Service is the ingest service.
type Service struct{}

// Build makes the service of its configuration.
func Build(_ config.Config, _ service.Env) (service.Service, error) { return &Service{}, nil }

// Run implements service.Service.
func (s *Service) Run(context.Context) error { return errors.New("ingest is not built yet") }

// Ready implements service.Service.
func (s *Service) Ready(context.Context) []telemetry.Check { return nil }

// Reload implements service.Service.
func (s *Service) Reload(config.Config) error { return nil }
