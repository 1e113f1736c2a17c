package ingest

import (
	"context"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/kafka"
)

// Pusher takes lines over HTTP and produces them to a raw topic until the context ends.
type Pusher interface {
	Run(ctx context.Context, to *kafka.Producer) error
}

// inputs are the ways of lines into the service other than Kafka, and what is known beyond them.
type inputs struct {
	sources   []Source
	pushers   []Pusher
	enrichers []Enricher
}

// newInputs makes the inputs of a configuration.
func newInputs(_ *config.Config, _ service.Env) (inputs, error) { return inputs{}, nil }
