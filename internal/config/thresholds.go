package config

import (
	"fmt"
	"reflect"
	"time"

	"gatewatch/internal/config/document"
	"gatewatch/internal/config/span"
	"gatewatch/internal/detect"
)

// Thresholds are a detector's thresholds as lines of a configuration file, in the order of their definition.
func Thresholds(d detect.Definition) []string {
	v := reflect.ValueOf(d.Thresholds())
	if !v.IsValid() {
		return nil
	}
	var out []string
	for f, value := range v.Elem().Fields() {
		if !f.IsExported() {
			continue
		}
		text := fmt.Sprint(value.Interface())
		if long, ok := reflect.TypeAssert[time.Duration](value); ok {
			text = span.Format(long)
		}
		out = append(out, document.KeyName(f.Name)+": "+text)
	}
	return out
}
