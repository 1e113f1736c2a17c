package ingest

import (
	"errors"

	"gatewatch/internal/app/ingest/follow"
	"gatewatch/internal/app/ingest/posted"
	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/geo"
	"gatewatch/internal/push"
)

// inputs are the ways of lines into the service other than Kafka, and what is known beyond them.
type inputs struct {
	followed  *follow.Files // nil without files
	enrichers []Enricher
	push      *push.Server
	posted    *posted.Sink
	geo       *geo.Databases
}

// newInputs makes the inputs of a configuration.
func newInputs(cfg *config.Config, env service.Env) (in inputs, err error) {
	if g := cfg.Ingest.Geo; g.CityFile != "" || g.ASNFile != "" {
		in.geo, err = geo.Open(geo.Config{CityFile: g.CityFile, ASNFile: g.ASNFile, Log: env.Log, Metrics: env.Metrics})
		if err != nil {
			return in, err
		}
		in.enrichers = append(in.enrichers, in.geo)
	}
	if len(cfg.Ingest.Files) > 0 {
		if in.followed, err = follow.New(cfg, env); err != nil {
			return in, err
		}
	}
	if p := cfg.Ingest.Push; p.Listen != "" {
		if len(cfg.Kafka.Topics.Raw) == 0 {
			return in, errors.New("ingest.push needs a topic in kafka.topics.raw to write to")
		}
		in.posted = posted.New(cfg.Kafka.Topics.Raw[0])
		in.push, err = push.New(push.Config{
			Listen: p.Listen, Token: string(p.Token), MaxBody: p.MaxBody, MaxPending: p.MaxPending,
			Log: env.Log, Metrics: env.Metrics,
		}, in.posted)
	}
	return in, err
}
