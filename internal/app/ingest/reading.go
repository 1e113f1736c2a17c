package ingest

import (
	"fmt"
	"reflect"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/event"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/route"
)

// reading is how lines are read: what decoders and templates are made of.
type reading struct {
	decoder  accesslog.Config
	redact   identity.RedactConfig
	routes   route.Config
	services map[string]string
}

// newReading is how a configuration has lines read; the notice is for the operator, "" when there is none.
func newReading(cfg *config.Config, env service.Env) (r *reading, notice string, err error) {
	resolver, err := identity.NewResolver(cfg.Proxies())
	if err != nil {
		return nil, "", fmt.Errorf("trusted_proxies: %w", err)
	}
	key, notice, err := cfg.Key(env.ConfigDir)
	if err != nil {
		return nil, "", fmt.Errorf("finding hash key: %w", err)
	}
	seed, err := key.Seed()
	if err != nil {
		return nil, "", err
	}
	redaction, err := key.Redaction()
	if err != nil {
		return nil, "", err
	}
	r = &reading{
		decoder: accesslog.Config{
			Format: cfg.Ingest.Format, Custom: cfg.Custom(), MaxLine: cfg.Limits.MaxLine, Resolver: resolver,
		},
		redact: identity.RedactConfig{
			Key: redaction, Parameters: cfg.Redact.Parameters, Keep: cfg.Redact.Keep, Claims: cfg.Redact.Claims,
		},
		routes: route.DefaultConfig(), services: cfg.Ingest.Services,
	}
	r.routes.Seed = seed
	if _, err := r.newDecoder(event.Trust{}); err != nil {
		return nil, "", err
	}
	if _, err := route.New(r.routes); err != nil {
		return nil, "", fmt.Errorf("making route templates: %w", err)
	}
	return r, notice, nil
}

// newDecoder makes the decoder of one source.
func (r *reading) newDecoder(trust event.Trust) (*accesslog.Decoder, error) {
	redactor, err := identity.NewRedactor(r.redact)
	if err != nil {
		return nil, fmt.Errorf("making redactor: %w", err)
	}
	cfg := r.decoder
	cfg.Redactor, cfg.Trust = redactor, trust
	return accesslog.New(cfg)
}

// equal tells that lines are read the same way by both.
func (r *reading) equal(o *reading) bool { return reflect.DeepEqual(r, o) }
