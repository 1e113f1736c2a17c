package config

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gatewatch/internal/detect"

	"gatewatch/internal/config/document"

	"gatewatch/internal/config/span"
)

// YAML is the configuration as a file that says everything, defaults too, in the order of the keys' definition. A secret is
// hidden, so that the file can be shown; where a file holds it, the file's name is there, so that it can be used as well.
func (c *Config) YAML() ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(node(reflect.ValueOf(*c), false)); err != nil {
		return nil, fmt.Errorf("encoding configuration: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("encoding configuration: %w", err)
	}
	return b.Bytes(), nil
}

// node is a value as YAML; sparse leaves out what is empty, as inside of what users name.
func node(v reflect.Value, sparse bool) *yaml.Node {
	if catalog, ok := reflect.TypeAssert[[]detect.Definition](v); ok {
		return detectorsNode(catalog)
	}
	if long, ok := reflect.TypeAssert[time.Duration](v); ok {
		return &yaml.Node{Kind: yaml.ScalarNode, Value: span.Format(long)}
	}
	switch v.Kind() {
	case reflect.Struct:
		return structNode(v, sparse)
	case reflect.Map:
		return mapNode(v)
	case reflect.Slice:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, item := range v.Seq2() {
			n.Content = append(n.Content, node(item, true))
		}
		return n
	case reflect.String:
		if s, ok := reflect.TypeAssert[Secret](v); ok {
			return textNode(s.String())
		}
		return textNode(literal(v.String()))
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(v.Interface())}
	}
}

// textNode is a string that YAML takes for nothing else.
func textNode(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

// literal undoes what expand does.
func literal(s string) string {
	if strings.Contains(s, "${") || strings.Contains(s, "$$") {
		return strings.ReplaceAll(s, "$", "$$")
	}
	return s
}

func structNode(v reflect.Value, sparse bool) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for f, field := range v.Fields() {
		if !f.IsExported() || sparse && isEmpty(field) || unsaid(v, f, field) {
			continue
		}
		n.Content = append(n.Content, textNode(document.KeyName(f.Name)), node(field, sparse))
	}
	return n
}

// unsaid tells a key that says nothing: a file that there is not, a secret that there is not, or that a file holds.
func unsaid(v reflect.Value, f reflect.StructField, field reflect.Value) bool {
	if strings.HasSuffix(f.Name, "File") {
		return field.IsZero()
	}
	secret := f.Type == reflect.TypeFor[Secret]() || f.Type == reflect.TypeFor[[]Secret]()
	file := v.FieldByName(f.Name + "File")
	return secret && (isEmpty(field) || file.IsValid() && !file.IsZero())
}

// isEmpty tells a value that nothing has been said about.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for _, field := range v.Fields() {
			if !isEmpty(field) {
				return false
			}
		}
		return true
	default:
		return v.IsZero()
	}
}

func mapNode(v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	byName := map[string]reflect.Value{}
	for key, value := range v.Seq2() {
		byName[key.String()] = value
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		n.Content = append(n.Content, textNode(name), node(byName[name], true))
	}
	return n
}

// detectorsNode is every detector with its thresholds, or with the word that it is off.
func detectorsNode(catalog []detect.Definition) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, d := range detect.Catalog() {
		name := d.Spec().Name
		i := slices.IndexFunc(catalog, func(have detect.Definition) bool { return have.Spec().Name == name })
		inner := &yaml.Node{Kind: yaml.MappingNode}
		inner.Content = append(inner.Content, textNode("enabled"), &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(i >= 0)})
		if i >= 0 {
			for _, line := range Thresholds(catalog[i]) {
				key, value, _ := strings.Cut(line, ": ")
				inner.Content = append(inner.Content, textNode(key), &yaml.Node{Kind: yaml.ScalarNode, Value: value})
			}
		}
		n.Content = append(n.Content, textNode(name), inner)
	}
	return n
}
