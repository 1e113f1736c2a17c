package config

import (
	"reflect"
	"slices"
	"strings"

	"gatewatch/internal/detect"

	"gatewatch/internal/config/document"
)

// Changed are the keys whose values differ between two configurations, in the order of the file. Of lists and of what is
// named by the user, the whole is one key.
func Changed(a, b Config) []string {
	var keys []string
	changed(reflect.ValueOf(a), reflect.ValueOf(b), "", &keys)
	return keys
}

func changed(a, b reflect.Value, key string, keys *[]string) {
	switch {
	case a.Type() == reflect.TypeFor[[]detect.Definition]():
		if !sameDetectors(a, b) {
			*keys = append(*keys, key)
		}
	case a.Kind() == reflect.Struct:
		for f, field := range a.Fields() {
			if f.IsExported() {
				changed(field, b.FieldByIndex(f.Index), strings.TrimPrefix(key+"."+document.KeyName(f.Name), "."), keys)
			}
		}
	case a.Kind() == reflect.Slice || a.Kind() == reflect.Map:
		if a.Len()+b.Len() > 0 && !reflect.DeepEqual(a.Interface(), b.Interface()) {
			*keys = append(*keys, key)
		}
	case !reflect.DeepEqual(a.Interface(), b.Interface()):
		*keys = append(*keys, key)
	}
}

// sameDetectors compares catalogs by names and thresholds.
func sameDetectors(a, b reflect.Value) bool {
	one, _ := reflect.TypeAssert[[]detect.Definition](a)
	other, _ := reflect.TypeAssert[[]detect.Definition](b)
	return slices.EqualFunc(one, other, func(x, y detect.Definition) bool {
		return x.Spec().Name == y.Spec().Name && slices.Equal(Thresholds(x), Thresholds(y))
	})
}

// Keys are all keys that a configuration may have, with NAME for a name of the user's; without the thresholds of detectors,
// which are of the catalog.
func Keys() map[string]bool {
	all := map[string]bool{}
	collect(reflect.TypeFor[Config](), "", all)
	return all
}

func collect(t reflect.Type, prefix string, all map[string]bool) {
	for f := range t.Fields() {
		if !f.IsExported() {
			continue
		}
		key := prefix + document.KeyName(f.Name)
		all[key] = true
		switch {
		case f.Type.Kind() == reflect.Struct:
			collect(f.Type, key+".", all)
		case f.Type.Kind() == reflect.Map && f.Type.Elem().Kind() == reflect.Struct:
			collect(f.Type.Elem(), key+".NAME.", all)
		}
	}
}
