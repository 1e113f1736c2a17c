package facet

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"gatewatch/internal/event"
	"gatewatch/internal/route"
)

var compare = cmp.Options{
	cmpopts.EquateEmpty(), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
}

// schema compiles the published schema, so that code and schema cannot drift.
func schema(t testing.TB) protoreflect.MessageDescriptor {
	t.Helper()
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{ImportPaths: []string{"../../schemas"}}}
	files, err := c.Compile(t.Context(), "facet/v1/facet.proto")
	if err != nil {
		t.Fatal(err)
	}
	return files[0].Messages().ByName("Facet")
}

// full is a facet with every field set.
func full() Facet {
	f := Facet{
		Source: event.Origin{Topic: "gatewatch.events.v1", Partition: 3, Offset: 1 << 40, Ordinal: 1},
		Kind:   event.KindPrincipal, Outcome: route.Failure, Certain: true, Failed: 7, Passed: 255,
		Event: event.Event{
			Origin: event.Origin{Topic: "access.raw", Partition: 1, Offset: 42}, Time: 1_780_300_000_000_000_001,
			Client: netip.MustParseAddr("2001:db8::1"), Method: "POST", Host: "shop.example", Path: "/api/login",
			Route: "/api/login", UserAgent: strings.Repeat("x", 300), Principal: "user@shop.example", Service: "shop",
			JA4: "t13d1516h2_8daaf6152771_02713d6af862", Country: "DE", ASOrg: "Example Net",
		},
	}
	f.Event.SetStatus(401)
	f.Event.SetBodyBytesOut(120)
	f.Event.SetASN(64500)
	f.Tally = Tally{From: 1_780_300_000_000_000_000, Requests: 900, Refused: 30, Failed: 1 << 40, Bytes: 1 << 50, Refusers: 1<<63 | 5}
	f.Tally.Durations[1], f.Tally.Durations[DurationSlots-2] = 870, 1<<32-1
	return f
}

// expected is a facet's own fields as the reference implementation sees them, the event aside.
func expected(f *Facet) map[string]any {
	m := map[string]any{}
	put := func(name string, v any, present bool) {
		if present {
			m[name] = v
		}
	}
	put("source_topic", f.Source.Topic, f.Source.Topic != "")
	put("source_partition", f.Source.Partition, f.Source.Partition != 0)
	put("source_offset", f.Source.Offset, f.Source.Offset != 0)
	put("source_ordinal", f.Source.Ordinal, f.Source.Ordinal != 0)
	put("kind", f.Kind.String(), f.Kind != event.KindUnknown)
	put("outcome", protoreflect.EnumNumber(f.Outcome), f.Outcome != 0)
	put("certain", true, f.Certain)
	put("failed", uint32(f.Failed), f.Failed != 0)
	put("passed", uint32(f.Passed), f.Passed != 0)
	put("tally", expectedTally(&f.Tally), f.IsTally())
	return m
}

// expectedTally is a tally as the reference implementation sees it.
func expectedTally(t *Tally) map[string]any {
	var slots []uint32
	for i := range t.Durations {
		slots = append(slots, t.Durations[i])
	}
	for len(slots) > 0 && slots[len(slots)-1] == 0 {
		slots = slots[:len(slots)-1]
	}
	return map[string]any{
		"from": t.From, "requests": t.Requests, "refused": t.Refused, "failed": t.Failed, "bytes": t.Bytes, "durations": slots,
		"refusers": uint64(t.Refusers),
	}
}

// generic is a message's own fields by name, with the event apart.
func generic(m protoreflect.Message) (fields map[string]any, ev []byte) {
	fields = map[string]any{}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Name() == "tally":
			fields["tally"], _ = generic(v.Message())
		case f.IsList():
			var all []uint32
			for i := range v.List().Len() {
				all = append(all, uint32(v.List().Get(i).Uint()))
			}
			fields[string(f.Name())] = all
		case f.Kind() == protoreflect.MessageKind:
			ev, _ = proto.Marshal(v.Message().Interface())
		case f.Kind() == protoreflect.BytesKind:
			fields[string(f.Name())] = string(v.Bytes())
		default:
			fields[string(f.Name())] = v.Interface()
		}
		return true
	})
	return fields, ev
}

func TestProtoAgreesWithSchema(t *testing.T) {
	f, desc := full(), schema(t)
	m := dynamicpb.NewMessage(desc)
	if err := proto.Unmarshal(f.AppendProto(nil), m); err != nil {
		t.Fatal(err)
	}
	fields, ev := generic(m)
	if diff := cmp.Diff(expected(&f), fields); diff != "" {
		t.Errorf("reference reading of our message (-want +got):\n%s", diff)
	}
	if got, want := len(fields)+1, desc.Fields().Len(); got != want || len(m.GetUnknown()) > 0 {
		t.Errorf("the full facet has %d fields, the schema %d; unknown %x", got, want, m.GetUnknown())
	}
	var e event.Event
	if err := e.UnmarshalProto(ev); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f.Event, e, compare); diff != "" {
		t.Errorf("the event (-want +got):\n%s", diff)
	}
	reencoded, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back Facet
	if err := back.UnmarshalProto(reencoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f, back, compare); diff != "" {
		t.Errorf("our reading of the reference's message (-want +got):\n%s", diff)
	}
}

func TestProtoRoundTrip(t *testing.T) {
	long := full()
	long.Event.Path = strings.Repeat("/a", 20_000)
	for _, tt := range []struct {
		name string
		in   Facet
	}{
		{"empty", Facet{}},
		{"full", full()},
		{"event of more than 16 KB", long},
		{"event of 127 bytes", Facet{Event: event.Event{Path: strings.Repeat("x", 125)}}},
		{"event of 128 bytes", Facet{Event: event.Event{Path: strings.Repeat("x", 126)}}},
		{"negative", Facet{Source: event.Origin{Partition: -1, Offset: -2, Ordinal: -3}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := full() // what it held before must not show
			prefix := []byte("prefix")
			b := tt.in.AppendProto(prefix)
			if !bytes.HasPrefix(b, prefix) {
				t.Fatal("AppendProto does not append")
			}
			if err := got.UnmarshalProto(b[len(prefix):]); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.in, got, compare); diff != "" {
				t.Errorf("decode(encode(x)) (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProtoRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []byte
	}{
		{"tag cut off", []byte{0x80}},
		{"field number 0", []byte{0x00, 0x00}},
		{"wire type 7", []byte{0x0f}},
		{"length beyond the end", []byte{numKind<<3 | 2, 5, 'G'}},
		{"varint of 11 bytes", append([]byte{numOutcome << 3}, bytes.Repeat([]byte{0xff}, 11)...)},
		{"event that is none", []byte{numEvent<<3 | 2, 1, 0x80}},
		{"a group, which the schema's language does not have", []byte{0x5b, 0x5c}},
		{"group closed only", []byte{0x5c}},
		{"groups nested deep", bytes.Repeat([]byte{0x5b}, 100_000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f Facet
			if err := f.UnmarshalProto(tt.in); err == nil {
				t.Errorf("UnmarshalProto(%.20x) gave no error", tt.in)
			}
		})
	}
}

func TestProtoSkipsWhatItDoesNotKnow(t *testing.T) {
	b := protowire.AppendString(protowire.AppendTag(nil, 900, protowire.BytesType), "later")
	b = protowire.AppendFixed32(protowire.AppendTag(b, 901, protowire.Fixed32Type), 7)
	b = protowire.AppendFixed64(protowire.AppendTag(b, 902, protowire.Fixed64Type), 7)
	f := full()
	b = f.AppendProto(b)
	// An outcome and a kind of a later version are unknown, not an error.
	b = protowire.AppendVarint(protowire.AppendTag(b, numOutcome, protowire.VarintType), 99)
	b = protowire.AppendString(protowire.AppendTag(b, numKind, protowire.BytesType), "planet")
	var got Facet
	if err := got.UnmarshalProto(b); err != nil {
		t.Fatal(err)
	}
	f.Outcome, f.Kind = route.OutcomeUnknown, event.KindUnknown
	if diff := cmp.Diff(f, got, compare); diff != "" {
		t.Errorf("UnmarshalProto (-want +got):\n%s", diff)
	}
}

func TestProtoDoesNotAllocate(t *testing.T) {
	f := full()
	buf := f.AppendProto(nil)
	var got Facet
	if allocs := testing.AllocsPerRun(100, func() {
		buf = f.AppendProto(buf[:0])
		_ = got.UnmarshalProto(buf)
	}); allocs != 0 {
		t.Errorf("encoding and decoding allocates %v times", allocs)
	}
}

func FuzzUnmarshalProto(f *testing.F) {
	one := full()
	f.Add(one.AppendProto(nil))
	f.Add([]byte{})
	f.Add([]byte{0x5b, 0x5c})
	desc := schema(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		var got Facet
		if err := got.UnmarshalProto(b); err != nil {
			return // ours refuses more: what the event's reader refuses
		}
		m := dynamicpb.NewMessage(desc)
		if err := proto.Unmarshal(b, m); err != nil {
			t.Fatalf("accepted what the reference refuses: %v", err)
		}
		var back Facet
		if err := back.UnmarshalProto(got.AppendProto(nil)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, back, compare); diff != "" {
			t.Fatalf("decode(encode(x)) (-want +got):\n%s", diff)
		}
	})
}

func BenchmarkAppendProto(b *testing.B) {
	f := full()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = f.AppendProto(buf[:0])
	}
	b.SetBytes(int64(len(buf)))
}
