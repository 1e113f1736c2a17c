package push

import (
	"fmt"
	"strings"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

func value(s string) *common.AnyValue {
	return &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: s}}
}

// export is a request of resources × scopes × records, each with a name of its own.
func export(resources, scopes, records int) *collector.ExportLogsServiceRequest {
	var all collector.ExportLogsServiceRequest
	for r := range resources {
		rl := &logs.ResourceLogs{
			SchemaUrl: "https://a.test",
			Resource:  &resource.Resource{Attributes: []*common.KeyValue{{Key: "service.name", Value: value(fmt.Sprintf("service-%d", r))}}},
		}
		for s := range scopes {
			sl := &logs.ScopeLogs{Scope: &common.InstrumentationScope{Name: fmt.Sprintf("scope-%d", s)}}
			for n := range records {
				sl.LogRecords = append(sl.LogRecords, &logs.LogRecord{Body: value(fmt.Sprintf("line-%d-%d-%d", r, s, n))})
			}
			rl.ScopeLogs = append(rl.ScopeLogs, sl)
		}
		all.ResourceLogs = append(all.ResourceLogs, rl)
	}
	return &all
}

// flat are the log records with all that is around them, in order.
func flat(m *collector.ExportLogsServiceRequest) []string {
	var all []string
	for _, r := range m.ResourceLogs {
		for _, s := range r.ScopeLogs {
			for _, l := range s.LogRecords {
				all = append(all, strings.Join([]string{
					r.Resource.Attributes[0].Value.GetStringValue(), r.SchemaUrl, s.Scope.Name, l.Body.GetStringValue(),
				}, " "))
			}
		}
	}
	return all
}

// TestSplit cuts requests by every limit: the parts hold the same records in the same order, none is too large, and
// what is dropped is counted.
func TestSplit(t *testing.T) {
	encodings := []struct {
		name  string
		write func(proto.Message) ([]byte, error)
		read  func([]byte, proto.Message) error
		split func([]byte, int, func([]byte)) (int, error)
	}{
		{"protobuf", proto.Marshal, proto.Unmarshal, splitProtobuf},
		{"JSON", protojson.Marshal, protojson.Unmarshal, splitJSON},
		{"JSON as the schema spells", protojson.MarshalOptions{UseProtoNames: true}.Marshal, protojson.Unmarshal, splitJSON},
	}
	for _, enc := range encodings {
		for _, in := range []*collector.ExportLogsServiceRequest{export(1, 1, 1), export(1, 1, 40), export(3, 2, 5), export(20, 1, 1)} {
			whole, err := enc.write(in)
			if err != nil {
				t.Fatal(err)
			}
			want := flat(in)
			for limit := 1; limit <= len(whole); limit += 31 {
				var got []string
				dropped, err := enc.split(whole, limit, func(part []byte) {
					var m collector.ExportLogsServiceRequest
					if err := enc.read(part, &m); err != nil || len(part) > limit {
						t.Errorf("%s, limit %d: a part of %d bytes, %v", enc.name, limit, len(part), err)
					}
					got = append(got, flat(&m)...)
				})
				if err != nil || len(got)+dropped != len(want) || dropped == 0 && strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Fatalf("%s, limit %d: %d records and %d dropped of %d, %v", enc.name, limit, len(got), dropped, len(want), err)
				}
			}
		}
	}
}

func TestSplitDropsWhatFitsNowhere(t *testing.T) {
	in := export(1, 1, 3)
	in.ResourceLogs[0].ScopeLogs[0].LogRecords[1].Body = value(strings.Repeat("x", 1000))
	whole, err := proto.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	dropped, err := splitProtobuf(whole, 500, func(part []byte) {
		var m collector.ExportLogsServiceRequest
		if err := proto.Unmarshal(part, &m); err != nil {
			t.Error(err)
		}
		got = append(got, flat(&m)...)
	})
	if err != nil || dropped != 1 || len(got) != 2 {
		t.Errorf("%d dropped, %q, %v", dropped, got, err)
	}
}

func TestSplitArray(t *testing.T) {
	array := []byte(`[{"a":1},{"b":2},{"c":3}]`)
	var got []string
	if _, err := splitJSON(array, 18, func(b []byte) { got = append(got, string(b)) }); err != nil {
		t.Error(err)
	}
	if want := `[{"a":1},{"b":2}] [{"c":3}]`; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %s", got, want)
	}
	if _, err := splitJSON([]byte(`[{"a":"1234567890"}]`), 12, func([]byte) {}); err == nil {
		t.Error("an element that fits nowhere is taken")
	}
}

func FuzzSplit(f *testing.F) {
	whole, err := proto.Marshal(export(2, 2, 2))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, 60)
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}]}]}]}`), 30)
	f.Fuzz(func(t *testing.T, in []byte, limit int) {
		limit = max(1, limit)
		for _, split := range []func([]byte, int, func([]byte)) (int, error){splitProtobuf, splitJSON} {
			_, _ = split(in, limit, func(part []byte) {
				if len(part) > limit {
					t.Fatalf("a part of %d bytes, limit %d", len(part), limit)
				}
			})
		}
	})
}
