package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/config"
	"gatewatch/internal/config/span"
	"gatewatch/internal/config/spell"
	"gatewatch/internal/event"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/finding"
	"gatewatch/internal/route"

	"gatewatch/internal/app/scan"
)

var outputs = []string{"table", "json", "ocsf", "csv"}

// options are the flags of scan, understood.
type options struct {
	scan        scan.Config
	minSeverity finding.Severity
	failOn      finding.Severity // unknown: never
	notice      string
}

// options reads the flags and the configuration, and tells all faults at once.
func (f *scanFlags) options(w World, now time.Time) (options, error) {
	var (
		o    options
		errs []error
	)
	check := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if !slices.Contains(outputs, f.output) {
		check(fmt.Errorf("--output %q: want one of %s", f.output, strings.Join(outputs, ", ")))
	}
	if f.samples < 0 || f.samples > finding.MaxSamples {
		check(fmt.Errorf("--samples %d: want 0 to %d", f.samples, finding.MaxSamples))
	}
	if f.limit < 0 {
		check(fmt.Errorf("--limit %d: want 0 or more", f.limit))
	}
	var err error
	o.minSeverity, err = severityFlag("min-severity", f.minSeverity)
	check(err)
	o.failOn, err = severityFlag("fail-on", f.failOn)
	check(err)
	o.scan.Since, err = timeFlag("since", f.since, now)
	check(err)
	o.scan.Until, err = timeFlag("until", f.until, now)
	check(err)
	if o.scan.Since != 0 && o.scan.Until != 0 && o.scan.Since >= o.scan.Until {
		check(errors.New("--since is not before --until: no event can be between them"))
	}
	cfg, err := f.load(w)
	check(err)
	if err == nil {
		check(f.apply(&o, &cfg, w, now))
	}
	return o, errors.Join(errs...)
}

func severityFlag(flag, value string) (finding.Severity, error) {
	if value == "" {
		return finding.SeverityUnknown, nil
	}
	s, err := finding.ParseSeverity(value)
	if err != nil {
		return s, fmt.Errorf("--%s: %w", flag, err)
	}
	return s, nil
}

// load reads the configuration file, if there is one, and puts the flags on top of it.
func (f *scanFlags) load(w World) (config.Config, error) {
	cfg := config.Default()
	path := f.config
	if path == "" {
		path = w.getenv("GATEWATCH_CONFIG")
	}
	if path != "" {
		var err error
		if cfg, err = config.Load(path, w.lookup, "hash_key_file", "detector"); err != nil {
			return cfg, err
		}
	}
	cfg.TrustedProxies = append(cfg.TrustedProxies, f.proxies...)
	if f.clientHeader != "" {
		cfg.ClientHeader = f.clientHeader
		if len(cfg.TrustedProxies) == 0 {
			return cfg, errors.New("--client-header is believed from trusted proxies only: name them with --trusted-proxy")
		}
	}
	return cfg, nil
}

// apply makes the scan's configuration.
func (f *scanFlags) apply(o *options, cfg *config.Config, w World, now time.Time) error {
	resolver, err := identity.NewResolver(cfg.Proxies())
	if err != nil {
		return fmt.Errorf("--trusted-proxy: %w", err)
	}
	o.scan.Decoder = accesslog.Config{
		Format: f.format, Custom: cfg.Custom(), MaxLine: cfg.Limits.MaxLine, Trust: event.TrustUntil(now.UnixNano()),
		Resolver: resolver,
	}
	if err := knownFormat(f.format, cfg); err != nil {
		return err
	}
	if err := o.scan.Decoder.Validate(); err != nil {
		return fmt.Errorf("making decoder: %w", err)
	}
	key, notice, err := cfg.Key(w.configDir())
	if err != nil {
		return err
	}
	o.notice = notice
	seed, err := key.Seed()
	if err != nil {
		return err
	}
	redaction, err := key.Redaction()
	if err != nil {
		return err
	}
	o.scan.Redact = identity.RedactConfig{
		Key: redaction, Parameters: cfg.Redact.Parameters, Keep: cfg.Redact.Keep, Claims: cfg.Redact.Claims,
	}
	o.scan.Engine = cfg.Engine()
	o.scan.Engine.Seed = seed
	o.scan.Catalog = cfg.Detectors
	o.scan.Routes = route.DefaultConfig()
	o.scan.Routes.Seed = seed
	o.scan.MaxFindings = cfg.Limits.MaxFindings
	return nil
}

// knownFormat tells a misspelt format from those built in and configured.
func knownFormat(name string, cfg *config.Config) error {
	known := formatNames()
	for _, d := range cfg.Custom() {
		known = append(known, d.Name)
	}
	if name == "" || slices.Contains(known, name) {
		return nil
	}
	return fmt.Errorf("--format: %s", spell.Unknown("format", name, known))
}

// layouts are the ways to write a time; one without a zone is UTC, a date alone its beginning.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00", time.DateTime, "2006-01-02 15:04", time.DateOnly,
}

// timeFlag reads a time, or an age before now, in nanoseconds since the Unix epoch; 0 when the flag was not given.
func timeFlag(flag, value string, now time.Time) (int64, error) {
	if value == "" {
		return 0, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, value); err == nil {
			if t.Year() < 1970 || t.Year() > 2261 { // what nanoseconds in an int64 hold
				return 0, fmt.Errorf("--%s %q: want a year from 1970 to 2261", flag, value)
			}
			return t.UnixNano(), nil
		}
	}
	age, err := span.Parse(value)
	if err != nil || age < 0 {
		return 0, fmt.Errorf("--%s %q: want a time such as 2006-01-02 or 2006-01-02T15:04:05Z, or an age such as 24h or 7d", flag, value)
	}
	return now.Add(-age).UnixNano(), nil
}
