package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"gatewatch/internal/detect"

	"gatewatch/internal/config/document"

	"gatewatch/internal/config/spell"
)

// maxFile bounds a configuration file, in bytes.
const maxFile = 4 << 20

// Load reads a file; lookup finds variables of the environment, as os.LookupEnv does. The error is every fault of the
// file. With parts, which are keys at the top, the files of secrets and certificates that other parts name are left alone.
func Load(path string, lookup func(string) (string, bool), parts ...string) (Config, error) {
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
	return Parse(path, b, lookup, parts...)
}

// Parse is Load for a file that has been read.
func Parse(name string, b []byte, lookup func(string) (string, bool), parts ...string) (Config, error) {
	cfg := Default()
	d := &decoder{Decoder: document.New(name, lookup), parts: parts}
	d.Custom = map[reflect.Type]func(*yaml.Node, reflect.Value, string){
		reflect.TypeFor[[]detect.Definition](): d.detectors,
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	err := dec.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		return cfg, nil
	case err != nil:
		return cfg, &document.Fault{File: name, What: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		d.Fault("", "holds more than one YAML document: keep one")
	}
	d.Into(doc.Content[0], reflect.ValueOf(&cfg).Elem(), "")
	d.files(reflect.ValueOf(&cfg).Elem(), "")
	d.check(&cfg)
	cfg.warnings = d.Warnings()
	return cfg, d.Err()
}

// decoder reads a configuration, and checks it.
type decoder struct {
	*document.Decoder
	parts []string // the keys at the top whose files concern the program; none are all
}

// detectors tunes the catalog.
func (d *decoder) detectors(n *yaml.Node, v reflect.Value, key string) {
	catalog := detect.Catalog()
	var known []string
	for _, def := range catalog {
		known = append(known, def.Spec().Name)
	}
	d.Mapping(n, key, func(name string, value *yaml.Node, at string) {
		i := slices.IndexFunc(catalog, func(def detect.Definition) bool { return def.Spec().Name == name })
		if i < 0 {
			d.Fault(at, "%s", spell.Unknown("detector", name, known))
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
	faults := d.Faults()
	d.Mapping(n, at, func(name string, value *yaml.Node, key string) {
		switch {
		case name == "enabled":
			d.Into(value, reflect.ValueOf(&on).Elem(), key)
		case !thresholds.IsValid():
			d.Fault(key, "%s", spell.Unknown("key", name, []string{"enabled"}))
		case !slices.Contains(document.Keys(thresholds.Elem().Type()), name):
			d.Fault(key, "%s", spell.Unknown("key", name, append(document.Keys(thresholds.Elem().Type()), "enabled")))
		default:
			d.Field(thresholds.Elem(), name, value, key)
		}
	})
	if !thresholds.IsValid() || d.Faults() > faults {
		return def, on
	}
	tuned, err := def.With(thresholds.Interface())
	if err == nil {
		err = tuned.Validate()
	}
	if err != nil {
		d.Fault(at, "%s", strings.TrimPrefix(err.Error(), "detector "+def.Spec().Name+": "))
		return def, on
	}
	return tuned, on
}
