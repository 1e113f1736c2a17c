package baseline

import (
	"reflect"
	"testing"
)

// TestStatesAreMemory holds states to what slabs and snapshots ask of them: no pointers, no padding, and this size.
func TestStatesAreMemory(t *testing.T) {
	for _, tt := range []struct {
		state any
		size  uintptr
	}{
		{Past{}, 28},
		{Size{}, 24},
		{Peers{}, 88},
		{SizePeers{}, 48},
		{Meter{}, 232},
		{Strays{}, 280},
		{Profile{}, 2320},
		{Calibration{}, 144},
	} {
		typ := reflect.TypeOf(tt.state)
		if got := typ.Size(); got != tt.size {
			t.Errorf("%s has %d bytes, want %d", typ, got, tt.size)
		}
		if got := packed(t, typ); got != typ.Size() {
			t.Errorf("%s has %d bytes of padding", typ, typ.Size()-got)
		}
	}
}

func packed(t *testing.T, typ reflect.Type) uintptr {
	t.Helper()
	switch typ.Kind() {
	case reflect.Struct:
		var sum uintptr
		for f := range typ.Fields() {
			sum += packed(t, f.Type)
		}
		return sum
	case reflect.Array:
		return uintptr(typ.Len()) * packed(t, typ.Elem())
	case reflect.Int64, reflect.Uint32, reflect.Float32, reflect.Float64:
		return typ.Size()
	default:
		t.Errorf("%s is no number", typ)
		return 0
	}
}
