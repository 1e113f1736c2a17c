package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

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
		if span, ok := reflect.TypeAssert[time.Duration](value); ok {
			text = Duration(span)
		}
		out = append(out, KeyName(f.Name)+": "+text)
	}
	return out
}

// Duration writes a duration as ParseSpan reads it, without parts that are zero.
func Duration(d time.Duration) string {
	const day = 24 * time.Hour
	if d > 0 && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
