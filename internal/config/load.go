package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/accesslog/jsonlog"
	"gatewatch/internal/accesslog/text"
	"gatewatch/internal/detect"
	"gatewatch/internal/event/identity"
	"gatewatch/internal/route"
)

// maxFile bounds a configuration file, in bytes.
const maxFile = 4 << 20

// Load reads a file; lookup finds variables of the environment, as os.LookupEnv does. The error is every fault of the
// file.
func Load(path string, lookup func(string) (string, bool)) (Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return Default(), fmt.Errorf("opening configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // read only: nothing can be lost
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Default(), fmt.Errorf("reading configuration: %w", err)
	}
	if len(b) > maxFile {
		return Default(), fmt.Errorf("reading configuration: %s is longer than %d bytes", path, maxFile)
	}
	return Parse(path, b, lookup)
}

// Parse is Load for a file that has been read.
func Parse(name string, b []byte, lookup func(string) (string, bool)) (Config, error) {
	cfg := Default()
	d := &decoder{file: name, lookup: lookup, lines: map[string]int{}}
	d.custom = map[reflect.Type]func(*yaml.Node, reflect.Value, string){
		reflect.TypeFor[[]detect.Definition](): d.detectors,
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	err := dec.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		return cfg, nil
	case err != nil:
		return cfg, &Fault{File: name, What: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		d.fault("", 0, "holds more than one YAML document: keep one")
	}
	d.into(doc.Content[0], reflect.ValueOf(&cfg).Elem(), "")
	d.check(&cfg)
	return cfg, join(d.faults)
}

// detectors tunes the catalog.
func (d *decoder) detectors(n *yaml.Node, v reflect.Value, key string) {
	catalog := detect.Catalog()
	var known []string
	for _, def := range catalog {
		known = append(known, def.Spec().Name)
	}
	d.mapping(n, key, func(name string, value *yaml.Node, at string) {
		i := slices.IndexFunc(catalog, func(def detect.Definition) bool { return def.Spec().Name == name })
		if i < 0 {
			d.fault(at, d.lines[at], "%s", Unknown("detector", name, known))
			return
		}
		def, on := d.detector(catalog[i], value, at)
		if !on {
			catalog = slices.Delete(catalog, i, i+1)
			return
		}
		catalog[i] = def
	})
	v.Set(reflect.ValueOf(catalog))
}

func (d *decoder) detector(def detect.Definition, n *yaml.Node, at string) (tuned detect.Definition, on bool) {
	on = true
	thresholds := reflect.ValueOf(def.Thresholds())
	faults := len(d.faults)
	d.mapping(n, at, func(name string, value *yaml.Node, key string) {
		switch {
		case name == "enabled":
			d.into(value, reflect.ValueOf(&on).Elem(), key)
		case !thresholds.IsValid():
			d.fault(key, d.lines[key], "%s", Unknown("key", name, []string{"enabled"}))
		case !slices.Contains(keys(thresholds.Elem().Type()), name):
			d.fault(key, d.lines[key], "%s", Unknown("key", name, append(keys(thresholds.Elem().Type()), "enabled")))
		default:
			d.field(thresholds.Elem(), name, value, key)
		}
	})
	if !thresholds.IsValid() || len(d.faults) > faults {
		return def, on
	}
	tuned, err := def.With(thresholds.Interface())
	if err == nil {
		err = tuned.Validate()
	}
	if err != nil {
		d.fault(at, d.lines[at], "%s", strings.TrimPrefix(err.Error(), "detector "+def.Spec().Name+": "))
		return def, on
	}
	return tuned, on
}

// check finds the faults that are in values, not in the YAML.
func (d *decoder) check(cfg *Config) {
	if cfg.HashKey != "" && cfg.HashKeyFile != "" {
		d.fault("hash_key_file", 0, "stands beside hash_key: keep one of them")
	}
	if cfg.HashKey != "" && len(cfg.HashKey) < minKey {
		d.fault("hash_key", 0, "is shorter than %d bytes: make one with `openssl rand -hex 32`", minKey)
	}
	for i, p := range cfg.TrustedProxies {
		if _, err := identity.NewResolver(identity.ProxyConfig{Trusted: []string{p}}); err != nil {
			d.fault(fmt.Sprintf("trusted_proxies[%d]", i), 0, "%q is neither an address, a network such as 10.0.0.0/8, nor \"private\"", p)
		}
	}
	if l := cfg.Limits.MaxFindings; l < 1 || l > 1<<20 {
		d.fault("limits.max_findings", 0, "is %d: want 1 to %d", l, 1<<20)
	}
	if l := cfg.Limits.MaxLine; l < 1<<10 || l > 16<<20 {
		d.fault("limits.max_line", 0, "is %d: want 1024 to %d bytes", l, 16<<20)
	}
	d.checkRoutes(cfg)
	if err := cfg.Engine().Validate(); err != nil {
		d.fault("limits", 0, "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Formats)) {
		def, err := compile(name, cfg.Formats[name])
		if err != nil {
			d.fault("formats."+name, 0, "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
			continue
		}
		cfg.custom = append(cfg.custom, def)
	}
}

func (d *decoder) checkRoutes(cfg *Config) {
	purposes := map[string]route.Purpose{}
	for p := route.Purpose(1); p != 0 && p.String() != ""; p <<= 1 {
		purposes[p.String()] = p
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Routes)) {
		p, ok := purposes[name]
		if !ok {
			d.fault("routes."+name, 0, "%s", Unknown("purpose", name, slices.Sorted(maps.Keys(purposes))))
			continue
		}
		for i, pattern := range cfg.Routes[name] {
			rule := route.Rule{Pattern: pattern, Purpose: p}
			if _, err := route.NewClassifier([]route.Rule{rule}); err != nil {
				d.fault(fmt.Sprintf("routes.%s[%d]", name, i), 0, "%s", err)
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
