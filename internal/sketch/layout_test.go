package sketch

import (
	"reflect"
	"testing"
)

// TestLayout: what lives by the million has the size that the package says, no pointer, and no padding whose bytes a copy
// of the memory would leave to chance.
func TestLayout(t *testing.T) {
	for _, tt := range []struct {
		value any
		size  uintptr
	}{
		{Window{}, 40},
		{Ring[[24]uint32]{}, 8 + 4*24},
		{Ring[[60]uint32]{}, 8 + 4*60},
		{Ring[[96]uint32]{}, 8 + 4*96},
		{Ring[[168]uint32]{}, 8 + 4*168},
		{Few{}, 36},
		{Distinct{}, 132},
		{Recent{}, 272},
		{Bitmap{}, 2056},
		{Novelty[SmallFilter]{}, 320},
		{Novelty[LargeFilter]{}, 4160},
		{Quantiles[Coarse]{}, 1040},
		{Quantiles[Fine]{}, 16400},
	} {
		typ := reflect.TypeOf(tt.value)
		if typ.Size() != tt.size {
			t.Errorf("%s takes %d bytes, want %d", typ, typ.Size(), tt.size)
		}
		if got := plain(t, typ); got != typ.Size() {
			t.Errorf("%s has %d bytes of padding", typ, typ.Size()-got)
		}
	}
}

// plain is how many bytes a type's fields take.
func plain(t *testing.T, typ reflect.Type) uintptr {
	t.Helper()
	switch typ.Kind() {
	case reflect.Array:
		return uintptr(typ.Len()) * plain(t, typ.Elem())
	case reflect.Struct:
		var sum uintptr
		for f := range typ.Fields() {
			sum += plain(t, f.Type)
		}
		return sum
	case reflect.Uint8, reflect.Uint32, reflect.Uint64, reflect.Int64, reflect.Float64:
		return typ.Size()
	default:
		t.Errorf("%s is no number of a fixed size", typ)
		return typ.Size()
	}
}
