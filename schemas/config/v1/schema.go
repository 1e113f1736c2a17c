// Package configv1 holds the JSON Schema of gatewatch.yaml, which is generated from package config and its comments.
package configv1

import _ "embed" // for the schema

//go:embed config.schema.json
var schema string

// Schema is the JSON Schema.
func Schema() string { return schema }
