package event

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/bufbuild/protocompile"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

const schemaDir = "../../schemas/event/v1/"

// schema compiles the published schema, so that code and schema cannot drift.
func schema(t testing.TB) protoreflect.MessageDescriptor {
	t.Helper()
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{ImportPaths: []string{schemaDir}}}
	files, err := c.Compile(t.Context(), "event.proto")
	if err != nil {
		t.Fatal(err)
	}
	return files[0].Messages().ByName("Event")
}

// generic is an event as the reference implementation sees it: the present fields by name.
func generic(m protoreflect.Message) map[string]any {
	fields := map[string]any{}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := string(f.Name())
		switch {
		case f.IsList():
			var pairs []Pair
			for i := range v.List().Len() {
				p := generic(v.List().Get(i).Message())
				pairs = append(pairs, Pair{text(p["key"]), text(p["value"])})
			}
			fields[name] = pairs
		case f.Kind() == protoreflect.MessageKind:
			fields[name] = generic(v.Message())
		default:
			fields[name] = v.Interface()
		}
		return true
	})
	return fields
}

func text(v any) string { b, _ := v.([]byte); return string(b) }

// expected is the same made from our event.
func expected(e *Event) map[string]any {
	m := map[string]any{}
	put := func(name string, v any, present bool) {
		if present {
			m[name] = v
		}
	}
	put("time_unix_nano", e.Time, e.Time != 0)
	o := map[string]any{}
	for name, v := range map[string]any{
		"topic": []byte(e.Origin.Topic), "partition": e.Origin.Partition, "offset": e.Origin.Offset, "ordinal": e.Origin.Ordinal,
	} {
		zero := cmp.Equal(v, []byte{}) || v == any(int32(0)) || v == any(int64(0))
		if !zero {
			o[name] = v
		}
	}
	put("origin", o, len(o) > 0)
	for _, f := range texts {
		put(f.name, []byte(*e.text(f.number)), *e.text(f.number) != "")
	}
	put("status", e.Status, e.Has(FieldStatus))
	put("bytes_in", e.BytesIn, e.Has(FieldBytesIn))
	put("bytes_out", e.BytesOut, e.Has(FieldBytesOut))
	put("body_bytes_out", e.BodyBytesOut, e.Has(FieldBodyBytesOut))
	put("duration_us", e.DurationUS, e.Has(FieldDuration))
	put("upstream_us", e.UpstreamUS, e.Has(FieldUpstream))
	put("asn", e.ASN, e.Has(FieldASN))
	put("client_ip", e.Client.AsSlice(), e.Client.IsValid())
	put("peer_ip", e.Peer.AsSlice(), e.Peer.IsValid())
	put("unmapped", e.Unmapped, len(e.Unmapped) > 0)
	return m
}

func TestProtoAgreesWithSchema(t *testing.T) {
	desc := schema(t)
	e := full()
	encoded := e.AppendProto(nil)
	m := dynamicpb.NewMessage(desc)
	if err := proto.Unmarshal(encoded, m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(expected(&e), generic(m)); diff != "" {
		t.Errorf("reference reading of our message (-want +got):\n%s", diff)
	}
	if len(m.GetUnknown()) > 0 {
		t.Errorf("the schema does not know %x", m.GetUnknown())
	}
	if got, want := len(generic(m)), desc.Fields().Len(); got != want {
		t.Errorf("the full event has %d fields, the schema %d", got, want)
	}
	reencoded, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back Event
	if err := back.UnmarshalProto(reencoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, back, compare); diff != "" {
		t.Errorf("our reading of the reference's message (-want +got):\n%s", diff)
	}
}

func TestProtoRoundTrip(t *testing.T) {
	status0 := Event{}
	status0.SetStatus(0)
	many := Event{}
	for range MaxUnmapped {
		many.Unmapped = append(many.Unmapped, Pair{"k", "v"})
	}
	tests := []struct {
		name string
		in   Event
	}{
		{"empty", Event{}},
		{"full", full()},
		{"status 0 is not absent", status0},
		{"negative", Event{Time: -1, Origin: Origin{Partition: -1, Offset: -2, Ordinal: -3}}},
		{"mapped address stays mapped", Event{Client: netip.MustParseAddr("::ffff:192.0.2.1")}},
		{"as many pairs as fit", many},
		{"empty pair", Event{Unmapped: []Pair{{}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got Event
			if err := got.UnmarshalProto(tt.in.AppendProto(nil)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.in, got, compare); diff != "" {
				t.Errorf("decode(encode(x)) (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProtoRefuses(t *testing.T) {
	pair := protowire.AppendBytes(protowire.AppendTag(nil, numUnmapped, protowire.BytesType), nil)
	tests := []struct {
		name string
		in   []byte
	}{
		{"tag cut off", []byte{0x80}},
		{"field number 0", []byte{0x00, 0x00}},
		{"wire type 7", []byte{0x0f}},
		{"length beyond the end", []byte{numMethod<<3 | 2, 5, 'G'}},
		{"length of 2^63", append([]byte{numMethod<<3 | 2}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)},
		{"varint of 11 bytes", append([]byte{numStatus << 3}, bytes.Repeat([]byte{0xff}, 11)...)},
		{"fixed64 cut off", []byte{numTime<<3 | 1, 1, 2, 3}},
		{"address of 5 bytes", []byte{numClient<<3 | 2, 5, 1, 2, 3, 4, 5}},
		{"group never closed", []byte{0x53}},
		{"group closed by another number", []byte{0x53, 0x5c}},
		{"group closed only", []byte{0x54}},
		{"groups nested deep", bytes.Repeat([]byte{0x53}, 100_000)},
		{"more pairs than fit", bytes.Repeat(pair, MaxUnmapped+1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var e Event
			if err := e.UnmarshalProto(tt.in); err == nil {
				t.Errorf("UnmarshalProto(%.20x) gave no error", tt.in)
			}
		})
	}
}

func TestProtoSkipsUnknownFields(t *testing.T) {
	b := protowire.AppendTag(nil, 900, protowire.BytesType)
	b = protowire.AppendString(b, "later")
	b = protowire.AppendTag(b, 901, protowire.StartGroupType)
	b = protowire.AppendTag(b, 902, protowire.StartGroupType)
	b = protowire.AppendFixed32(protowire.AppendTag(b, 1, protowire.Fixed32Type), 7)
	b = protowire.AppendTag(b, 902, protowire.EndGroupType)
	b = protowire.AppendTag(b, 901, protowire.EndGroupType)
	b = protowire.AppendVarint(protowire.AppendTag(b, 903, protowire.VarintType), 1<<60)
	b = protowire.AppendFixed64(protowire.AppendTag(b, 904, protowire.Fixed64Type), 1)
	e := full()
	var got Event
	if err := got.UnmarshalProto(e.AppendProto(b)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, got, compare); diff != "" {
		t.Errorf("UnmarshalProto (-want +got):\n%s", diff)
	}
}

func TestProtoDoesNotAllocate(t *testing.T) {
	e := full()
	buf := e.AppendProto(nil)
	var got Event
	if err := got.UnmarshalProto(buf); err != nil {
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(100, func() {
		buf = e.AppendProto(buf[:0])
		_ = got.UnmarshalProto(buf)
	})
	if allocs != 0 {
		t.Errorf("encoding and decoding allocates %v times", allocs)
	}
}

func FuzzUnmarshalProto(f *testing.F) {
	e := full()
	f.Add(e.AppendProto(nil))
	f.Add([]byte{})
	f.Add([]byte{0x53, 0x54})
	desc := schema(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		var e Event
		err := e.UnmarshalProto(b)
		m := dynamicpb.NewMessage(desc)
		refErr := proto.Unmarshal(b, m)
		if err != nil {
			// Ours refuses more: addresses of a wrong length, too many pairs, groups nested deep.
			return
		}
		if refErr != nil {
			t.Fatalf("accepted what the reference refuses: %v", refErr)
		}
		want := generic(m)
		for _, name := range []string{"client_ip", "peer_ip", "origin"} {
			if isEmpty(want[name]) {
				delete(want, name) // present but empty
			}
		}
		if diff := cmp.Diff(want, expected(&e)); diff != "" {
			t.Fatalf("reference and ours differ (-reference +ours):\n%s", diff)
		}
		var back Event
		if err := back.UnmarshalProto(e.AppendProto(nil)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, back, compare); diff != "" {
			t.Fatalf("decode(encode(x)) (-want +got):\n%s", diff)
		}
	})
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case []byte:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	default:
		return false
	}
}

func BenchmarkAppendProto(b *testing.B) {
	e := full()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = e.AppendProto(buf[:0])
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkUnmarshalProto(b *testing.B) {
	e := full()
	buf := e.AppendProto(nil)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		_ = e.UnmarshalProto(buf)
	}
}
