package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/route"

	"gatewatch/internal/config/spell"
)

// check finds the faults that are in values, not in the YAML.
func (d *decoder) check(cfg *Config) {
	if cfg.HashKey != "" && len(cfg.HashKey) < minKey {
		d.Fault("hash_key", "is shorter than %d bytes: make one with `openssl rand -hex 32`", minKey)
	}
	for i, p := range cfg.TrustedProxies {
		if _, err := identity.NewResolver(identity.ProxyConfig{Trusted: []string{p}}); err != nil {
			d.Fault(fmt.Sprintf("trusted_proxies[%d]", i), "%q is neither an address, a network such as 10.0.0.0/8, nor \"private\"", p)
		}
	}
	if l := cfg.Limits.MaxFindings; l < 1 || l > 1<<20 {
		d.Fault("limits.max_findings", "is %d: want 1 to %d", l, 1<<20)
	}
	if l := cfg.Limits.MaxLine; l < 1<<10 || l > 16<<20 {
		d.Fault("limits.max_line", "is %d: want 1024 to %d bytes", l, 16<<20)
	}
	d.checkRoutes(cfg)
	d.checkKafka(&cfg.Kafka)
	d.checkClickHouse(&cfg.ClickHouse)
	d.checkNATS(&cfg.NATS)
	d.checkIngest(&cfg.Ingest)
	d.checkDetector(&cfg.Detector)
	d.days(cfg)
	d.checkAlerter(&cfg.Alerter)
	d.oneOf("log.level", cfg.Log.Level)
	d.oneOf("log.format", cfg.Log.Format)
	if err := cfg.Engine().Validate(); err != nil {
		d.Fault("limits", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Formats)) {
		def, err := compile(name, cfg.Formats[name])
		if err != nil {
			d.Fault("formats."+name, "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
			continue
		}
		cfg.custom = append(cfg.custom, def)
	}
	d.checkFormat("ingest.format", cfg.Ingest.Format, cfg.Formats)
}

func (d *decoder) checkRoutes(cfg *Config) {
	purposes := map[string]route.Purpose{}
	for p := route.Purpose(1); p != 0 && p.String() != ""; p <<= 1 {
		purposes[p.String()] = p
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Routes)) {
		p, ok := purposes[name]
		if !ok {
			d.Fault("routes."+name, "%s", spell.Unknown("purpose", name, slices.Sorted(maps.Keys(purposes))))
			continue
		}
		for i, pattern := range cfg.Routes[name] {
			rule := route.Rule{Pattern: pattern, Purpose: p}
			if _, err := route.NewClassifier([]route.Rule{rule}); err != nil {
				d.Fault(fmt.Sprintf("routes.%s[%d]", name, i), "%s", err)
				continue
			}
			cfg.rules = append(cfg.rules, rule)
		}
	}
}

// compile makes a format of its description.
func compile(name string, f Format) (format.Definition, error) {
	given := 0
	for _, is := range []bool{f.Nginx != "", f.Apache != "", len(f.JSON) > 0} {
		if is {
			given++
		}
	}
	switch {
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || name == "":
		return format.Definition{}, errors.New("a format's name has lower-case letters, digits and hyphens only")
	case given != 1:
		return format.Definition{}, errors.New("want one of nginx, apache and json")
	case len(f.Units) > 0 && len(f.JSON) == 0:
		return format.Definition{}, errors.New("units go with json only: nginx and Apache say theirs")
	case f.Nginx != "":
		return text.CompileNginx(name, f.Nginx)
	case f.Apache != "":
		return text.CompileApache(name, f.Apache)
	default:
		return jsonlog.CompileMap(name, f.JSON, f.Units)
	}
}
