// Package reading is how the service reads lines: what its decoders and route templates are made of. A configuration that
// is taken over while the service runs gives a new one, and whoever reads changes to it between two records.
package reading

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

// Reading is one way to read lines; it does not change.
type Reading struct {
	decoder  accesslog.Config
	redact   identity.RedactConfig
	routes   route.Config
	services map[string]string
}

// New is how a configuration has lines read; the notice is for the operator, "" when there is none.
func New(cfg *config.Config, env service.Env) (r *Reading, notice string, err error) {
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
	r = &Reading{
		decoder: accesslog.Config{
			Format: cfg.Ingest.Format, Custom: cfg.Custom(), MaxLine: cfg.Limits.MaxLine, Resolver: resolver,
		},
		redact: identity.RedactConfig{
			Key: redaction, Parameters: cfg.Redact.Parameters, Keep: cfg.Redact.Keep, Claims: cfg.Redact.Claims,
		},
		routes: route.DefaultConfig(), services: cfg.Ingest.Services,
	}
	r.routes.Seed = seed
	if _, err := r.Decoder(event.Trust{}); err != nil {
		return nil, "", err
	}
	if _, err := route.New(r.routes); err != nil {
		return nil, "", fmt.Errorf("making route templates: %w", err)
	}
	return r, notice, nil
}

// Decoder makes the decoder of one source.
func (r *Reading) Decoder(trust event.Trust) (*accesslog.Decoder, error) {
	redactor, err := identity.NewRedactor(r.redact)
	if err != nil {
		return nil, fmt.Errorf("making redactor: %w", err)
	}
	cfg := r.decoder
	cfg.Redactor, cfg.Trust = redactor, trust
	return accesslog.New(cfg)
}

// Equal tells that lines are read the same way by both.
func (r *Reading) Equal(o *Reading) bool { return reflect.DeepEqual(r, o) }

// Templater makes the route templates of one reader.
func (r *Reading) Templater() (*route.Templater, error) {
	t, err := route.New(r.routes)
	if err != nil {
		return nil, fmt.Errorf("making route templates: %w", err)
	}
	return t, nil
}

// Service is the service of a source's lines that name neither service nor host, "" when nobody said.
func (r *Reading) Service(source string) string { return r.services[source] }
