package accesslog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// toProtobuf is an OTLP/JSON export in protobuf.
func toProtobuf(json []byte) []byte {
	var m collector.ExportLogsServiceRequest
	if err := protojson.Unmarshal(json, &m); err != nil {
		panic(err)
	}
	return marshalled(&m)
}

func marshalled(m *collector.ExportLogsServiceRequest) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err)
	}
	return b
}

func stringValue(s string) *common.AnyValue {
	return &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: s}}
}

func attribute(key string, v *common.AnyValue) *common.KeyValue {
	return &common.KeyValue{Key: key, Value: v}
}

func export(records ...*logs.LogRecord) *collector.ExportLogsServiceRequest {
	return &collector.ExportLogsServiceRequest{ResourceLogs: []*logs.ResourceLogs{{
		Resource:  &resource.Resource{Attributes: []*common.KeyValue{attribute("host.name", stringValue("h"))}},
		ScopeLogs: []*logs.ScopeLogs{{Scope: &common.InstrumentationScope{}, LogRecords: records}},
	}}}
}

// otlpText is the line as the body of a record, which need not be UTF-8: a collector takes it for bytes then.
func otlpText(line []byte) []byte {
	body := &common.AnyValue{Value: &common.AnyValue_BytesValue{BytesValue: line}}
	if strings.ToValidUTF8(string(line), "") == string(line) {
		body = stringValue(string(line))
	}
	return marshalled(export(&logs.LogRecord{
		TimeUnixNano: 1791640540123000000, SeverityNumber: 9, SeverityText: "INFO", Flags: 1, EventName: "e", Body: body,
		Attributes: []*common.KeyValue{attribute("log.file.name", stringValue("a.log"))},
	}))
}

// TestProtobufIsAsJSON reads exports in both encodings of OTLP: what comes out must not depend on it.
func TestProtobufIsAsJSON(t *testing.T) {
	const resources = `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"logRecords":[%s]}]}]}`
	const request = `{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.path","value":{"stringValue":"/a"}},` +
		`{"key":"client.address","value":{"stringValue":"203.0.113.9"}}`
	tests := []struct {
		name, record string
	}{
		{"body of text", fmt.Sprintf(`{"timeUnixNano":"1791640536123000000","body":{"stringValue":%q}}`, combinedLine)},
		{"trace and span", fmt.Sprintf(`{"traceId":"W47/95A7WQ4iKHlTBCMhfw==","spanId":"7uPWZ62E+6E=","body":{"stringValue":%q}}`, combinedLine)},
		{"request", `{"timeUnixNano":"1791640536123000000","attributes":[` + request + `,` +
			`{"key":"http.response.status_code","value":{"intValue":"404"}},{"key":"http.server.request.duration","value":{"doubleValue":0.0125}},` +
			`{"key":"http.response.body.size","value":{"intValue":"1234"}},{"key":"http.request.header.referer","value":{"arrayValue":{"values":[{"stringValue":"https://a.test/"}]}}},` +
			`{"key":"user_agent.original","value":{"stringValue":"curl"}},{"key":"odd","value":{"boolValue":true}},{"key":"none","value":{}}]}`},
		{"request observed only", `{"observedTimeUnixNano":"1791640536123000000","attributes":[` + request + `]}`},
		{"request without time", `{"attributes":[` + request + `]}`},
		{"request with bad status", `{"timeUnixNano":"1791640536123000000","attributes":[` + request + `,{"key":"http.response.status_code","value":{"intValue":"7"}}]}`},
		{"structured body", `{"timeUnixNano":"1791640536123000000","body":{"kvlistValue":{"values":[` +
			`{"key":"remote_addr","value":{"stringValue":"203.0.113.9"}},{"key":"request","value":{"stringValue":"GET /a HTTP/1.1"}},` +
			`{"key":"status","value":{"intValue":"200"}},{"key":"body_bytes_sent","value":{"intValue":"-5"}},{"key":"http_user_agent","value":{"stringValue":"a\"b\\\u0001"}},` +
			`{"key":"deep","value":{"kvlistValue":{"values":[{"key":"x","value":{"arrayValue":{"values":[{"doubleValue":1.5},{},{"boolValue":false}]}}}]}}}]}}}`},
		{"nothing in it", `{}`},
		{"empty text", `{"body":{"stringValue":""}}`},
		{"rubbish", `{"body":{"stringValue":"rubbish"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			json := fmt.Sprintf(resources, tt.record)
			inProtobuf, inJSON := decode(t, Config{}, toProtobuf([]byte(json))), decode(t, Config{}, []byte(hexIDs.Replace(json)))
			if rejectedOnly(inProtobuf) != rejectedOnly(inJSON) {
				t.Errorf("in JSON\n%s\nin protobuf\n%s", inJSON, inProtobuf)
			}
			if inJSON == "" {
				t.Error("it gave nothing at all")
			}
		})
	}
}

// hexIDs are how OTLP/JSON writes ids, other than protobuf's own JSON.
var hexIDs = strings.NewReplacer("W47/95A7WQ4iKHlTBCMhfw==", "5b8efff7903b590e222879530423217f", "7uPWZ62E+6E=", "eee3d667ad84fba1")

// rejectedOnly leaves of rejections the reason: the source of a request is in its encoding.
func rejectedOnly(s string) string {
	if strings.HasPrefix(s, "rejected: ") {
		s = strings.Join(strings.SplitN(s, ":", 3)[:2], ":")
	}
	return s
}

func TestProtobufBatches(t *testing.T) {
	record := func(line string) *logs.LogRecord { return &logs.LogRecord{Body: stringValue(line)} }
	deep := stringValue("x")
	for range 40 {
		deep = &common.AnyValue{Value: &common.AnyValue_ArrayValue{ArrayValue: &common.ArrayValue{Values: []*common.AnyValue{deep}}}}
	}
	nested := &common.AnyValue{Value: &common.AnyValue_KvlistValue{KvlistValue: &common.KeyValueList{Values: []*common.KeyValue{attribute("a", deep)}}}}
	inherited := export(record(combinedLine))
	inherited.ResourceLogs[0].Resource.Attributes = append(inherited.ResourceLogs[0].Resource.Attributes, attribute("service.name", stringValue("shop")))
	tests := []struct {
		name   string
		record []byte
		want   string
	}{
		{"two records", marshalled(export(record(combinedLine), record(combinedLine))), combinedEvent + combinedEvent},
		{"no records", marshalled(export()), "skipped\n"},
		{"service", marshalled(inherited), strings.Replace(combinedEvent, `"http_version":"1.1"`, `"http_version":"1.1","service":"shop"`, 1)},
		{"line feed at the end", marshalled(export(record(combinedLine + "\n"))), combinedEvent},
		{"bytes", marshalled(export(&logs.LogRecord{Body: &common.AnyValue{Value: &common.AnyValue_BytesValue{BytesValue: []byte(combinedLine)}}})), combinedEvent},
		{"envelope inside", marshalled(export(record(`{"message":` + quoted([]byte(combinedLine)) + `}`))), combinedEvent},
		{"longer than a line", marshalled(export(record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine), record(combinedLine))), strings.Repeat(combinedEvent, 12)},
		{"too deep", marshalled(export(&logs.LogRecord{Body: nested}, record(combinedLine))), "rejected: too_deep"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := decode(t, Config{MaxLine: 1000}, tt.record)
			if strings.HasPrefix(tt.want, "rejected") {
				if !strings.HasPrefix(got, tt.want) || !strings.HasSuffix(got, combinedEvent) {
					t.Errorf("got %s", got)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestProtobufCutOff cuts an export anywhere: it is rejected once, with whatever reason, and nothing of it is believed.
func TestProtobufCutOff(t *testing.T) {
	whole := marshalled(export(&logs.LogRecord{Body: stringValue(combinedLine)}))
	for n := 1; n < len(whole); n++ {
		if got := decode(t, Config{}, whole[:n], []byte(combinedLine)); strings.Count(got, combinedEvent) != 1 && n != len(whole)-1 {
			t.Errorf("the first %d bytes of %d: %s", n, len(whole), got)
		}
	}
}

func BenchmarkProtobuf(b *testing.B) {
	var records []*logs.LogRecord
	for range 100 {
		records = append(records, &logs.LogRecord{TimeUnixNano: 1791640540123000000, Body: stringValue(combinedLine)})
	}
	record := marshalled(export(records...))
	d, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(record)))
	for b.Loop() {
		d.Decode(record, drop)
	}
}
