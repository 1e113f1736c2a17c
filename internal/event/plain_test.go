package event

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// slowly reads an event without readPlain.
func slowly(b []byte) (e Event, err error) {
	for w := (wire{b}); len(w.b) > 0 && err == nil; {
		var number uint64
		var kind int
		if number, kind, err = w.tag(); err == nil {
			err = e.readField(&w, number, kind)
		}
	}
	return e, err
}

// TestPlainFieldsAreOnlyFaster damages events in every way that a byte can be wrong, and reads them both ways.
func TestPlainFieldsAreOnlyFaster(t *testing.T) {
	e := Event{
		Origin: Origin{Topic: "access.raw", Partition: 3, Ordinal: 2, Offset: 1 << 40}, Time: 1,
		Client: netip.MustParseAddr("192.0.2.1"), Peer: netip.MustParseAddr("2001:db8::1"), Method: "GET", Path: "/",
		UserAgent: strings.Repeat("x", 200), HTTPVersion: "2", Unmapped: []Pair{{Key: "k", Value: "v"}},
	}
	e.SetStatus(200)
	e.SetBodyBytesOut(1 << 20)
	e.SetDuration(-1)
	whole := e.AppendProto(nil)
	rng := rand.New(rand.NewPCG(1, 1))
	for range 50_000 {
		b := append([]byte(nil), whole...)
		for range rng.IntN(3) {
			b[rng.IntN(len(b))] = byte(rng.IntN(256)) >> rng.IntN(8)
		}
		if rng.IntN(4) == 0 {
			b = b[:rng.IntN(len(b)+1)]
		}
		want, fault := slowly(b)
		var got Event
		err := got.UnmarshalProto(b)
		if (err == nil) != (fault == nil) || err != nil && !strings.HasSuffix(err.Error(), fault.Error()) {
			t.Fatalf("%x: %v, want %v", b, err, fault)
		}
		if err != nil || equal(&want, &got) {
			continue
		}
		t.Fatalf("%x (-want +got):\n%s", b, cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{})))
	}
}

// equal compares events faster than cmp does.
func equal(a, b *Event) bool {
	x, y := *a, *b
	x.Unmapped, y.Unmapped = nil, nil
	return cmp.Equal(a.Unmapped, b.Unmapped) && string(x.AppendProto(nil)) == string(y.AppendProto(nil))
}

func TestPlainFieldsHaveNoOtherTags(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		want error
	}{
		{"number 0, a varint", "\x00\x01\x01", errTag},
		{"number 0, bytes", "\x02\x01\x01", errTag},
		{"number 0, in two bytes", "\x80\x00\x01", errTag},
		{"kind 7", "\x0f\x01\x01", errTag},
		{"time with a tag of two bytes", "\x89\x00\x01\x02\x03\x04\x05\x06\x07\x08", nil},
		{"time one byte short", "\x89\x00\x01\x02\x03\x04\x05\x06\x07", errTruncated},
		{"number 64", "\x80\x04\x01", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want, fault := slowly([]byte(tt.in))
			var got Event
			err := got.UnmarshalProto([]byte(tt.in))
			if diff := cmp.Diff(tt.want, err, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, fault, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("error the slow way (-want +got):\n%s", diff)
			}
			if fault == nil && !equal(&want, &got) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}
