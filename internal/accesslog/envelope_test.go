package accesslog

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"gatewatch/internal/event"
)

// quoted is the line as a JSON string.
func quoted(line []byte) string { return string(event.AppendJSONString(nil, string(line))) }

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func zstandard(b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(b, nil)
}

// in is an envelope made by a format with one %s for the line.
func in(layout string) func([]byte) []byte {
	return func(line []byte) []byte { return fmt.Appendf(nil, layout, line) }
}

// inJSON is an envelope made by a format with one %s for the line as a JSON string.
func inJSON(layout string) func([]byte) []byte {
	return func(line []byte) []byte { return fmt.Appendf(nil, layout, quoted(line)) }
}

// wrappers put around a line what shippers do.
var wrappers = []struct {
	name string
	wrap func([]byte) []byte
}{
	{"nothing", in("%s")},
	{"line end", in("%s\r\n")},
	{"byte order mark", in("\xef\xbb\xbf%s")},
	{"NUL bytes", in("\x00\x00\x00\x00\x00\x00%s\x00")},
	{"Vector", inJSON(`{"file":"/var/log/a.log","host":"h","message":%s,"source_type":"file","timestamp":"2026-10-10T13:55:40Z"}`)},
	{"Fluent Bit", inJSON(`{"@timestamp":1791640540.123,"log":%s}`)},
	{"Docker", func(line []byte) []byte {
		return fmt.Appendf(nil, `{"log":%s,"stream":"stdout","time":"2026-10-10T13:55:40.1Z"}`, quoted(append(line, 10)))
	}},
	{"Filebeat", inJSON(`{"@timestamp":"2026-10-10T13:55:40.123Z","@metadata":{"beat":"filebeat","version":"9.4.0"},"log":{"offset":0,` +
		`"file":{"path":"/var/log/a.log"}},"message":%s,"input":{"type":"filestream"},"ecs":{"version":"8.0.0"},"host":{"name":"h"},"agent":{"type":"filebeat"}}`)},
	{"Logstash", inJSON(`{"@timestamp":"2026-10-10T13:55:40Z","@version":"1","event":{"original":%s},"host":{"name":"h"}}`)},
	{"Logstash plain", in("2026-10-10T13:55:40.123Z h %s")},
	{"journald", inJSON(`{"_SYSTEMD_UNIT":"nginx.service","PRIORITY":"6","MESSAGE":%s,"_PID":"1"}`)},
	{"journald bytes", func(line []byte) []byte {
		var numbers []string
		for _, c := range line {
			numbers = append(numbers, strconv.Itoa(int(c)))
		}
		return fmt.Appendf(nil, `{"MESSAGE":[%s],"_PID":"1"}`, strings.Join(numbers, ","))
	}},
	{"GELF", inJSON(`{"version":"1.1","host":"h","short_message":"cut","full_message":%s,"level":6,"_x":"y"}`)},
	{"GELF short", inJSON(`{"version":"1.1","host":"h","short_message":%s}`)},
	{"Splunk", inJSON(`{"time":1791640540,"host":"h","event":%s}`)},
	{"CloudEvents", inJSON(`{"specversion":"1.0","id":"1","source":"/s","type":"log","datacontenttype":"text/plain","data":%s}`)},
	{"escaped key", inJSON(`{"m\u0065ssage":%s}`)},
	{"pretty printed", inJSON("{\n  \"message\": %s\n}\n")},
	{"array", inJSON(`[{"message":%s}]`)},
	{"records", inJSON(`{"records":[{"message":%s}]}`)},
	{"CloudWatch", inJSON(`{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{"id":"1","timestamp":1791640540123,"message":%s}]}`)},
	{"CloudWatch gzip", func(line []byte) []byte {
		return gzipped(fmt.Appendf(nil, `{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","timestamp":1791640540123,"message":%s}]}`, quoted(line)))
	}},
	{"OTLP", inJSON(`{"resourceLogs":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"h"}}]},"scopeLogs":[{"scope":{},` +
		`"logRecords":[{"timeUnixNano":"1791640540123000000","body":{"stringValue":%s},"attributes":[{"key":"log.file.name","value":{"stringValue":"a.log"}}]}]}]}]}`)},
	{"OTLP protobuf", otlpText},
	{"OTLP protobuf gzip", func(line []byte) []byte { return gzipped(otlpText(line)) }},
	{"syslog 3164", in("<134>Oct 10 13:55:40 h nginx: %s")},
	{"syslog 3164 without host", in("<134>Oct  9 13:55:40 haproxy[12]: %s")},
	{"syslog without time", in("<134>haproxy[12]: %s")},
	{"syslog 3164 with year", in("<134>Oct 10 2026 13:55:40 h nginx: %s")},
	{"syslog 5424", in(`<134>1 2026-10-10T13:55:40.003Z h nginx 12 - [a@1 b="c \] \" d"][e@2] ` + "\xef\xbb\xbf%s")},
	{"syslog 5424 without data", in("<134>1 2026-10-10T13:55:40.003Z h nginx - - - %s")},
	{"syslog 5424 without priority", in("1 2026-10-10T13:55:40+02:00 h nginx - - - %s")},
	{"syslog counted", in("999 <134>1 - h nginx - - - %s")},
	{"rsyslog file", in("Oct 10 13:55:40 h nginx[12]: %s")},
	{"rsyslog file with ISO time", in("2026-10-10T13:55:40.123456+00:00 h nginx[12]: %s")},
	{"docker compose", in("web-1  | %s")},
	{"router", in("frontend.0 nginx: %s")},
	{"CRI", in("2026-10-10T13:55:40.123456789Z stdout F %s")},
	{"CRI with tags", in("2026-10-10T13:55:40.123456789+02:00 stderr F:x %s")},
	{"registry prefix", func(line []byte) []byte {
		return append([]byte{0, 0, 0, 0, 7}, inJSON(`{"message":%s}`)(line)...)
	}},
	{"gzip", gzipped},
	{"zstd", zstandard},
	{"four levels", func(line []byte) []byte {
		docker := inJSON(`{"log":%s,"stream":"stdout"}`)(in("<134>Oct 10 13:55:40 h nginx: %s")(line))
		return gzipped(inJSON(`{"message":%s}`)(docker))
	}},
}

// TestEnvelopes puts every envelope around the lines of every format: what comes out must not depend on it.
func TestEnvelopes(t *testing.T) {
	for _, s := range samples(t, "*.txtar") {
		if strings.HasPrefix(s.name, "envelope-") {
			continue
		}
		for _, w := range wrappers {
			if w.name == "router" && !regularBegin(s.input) {
				continue // behind a tag alone, a line must begin with a digit or a bracket
			}
			t.Run(s.name+"/"+w.name, func(t *testing.T) {
				var records [][]byte
				for _, line := range lines(s.input) {
					records = append(records, w.wrap(bytes.Clone(line)))
				}
				if diff := cmp.Diff(s.want, decode(t, Config{}, records...)); diff != "" {
					t.Errorf("in %.200q (-want +got):\n%s", records[0], diff)
				}
			})
		}
	}
}

func regularBegin(input []byte) bool {
	for _, line := range lines(input) {
		if !bytes.ContainsAny(line[:1], "0123456789[{") {
			return false
		}
	}
	return true
}

// jsonWrappers put around a JSON object what shippers do that have parsed the line.
var jsonWrappers = []struct {
	name string
	wrap func([]byte) []byte
}{
	{"Vector parsed", in(`{"host":"h","message":%s}`)},
	{"Splunk", in(`{"time":1791640540,"event":%s}`)},
	{"CloudEvents", in(`{"specversion":"1.0","id":"1","source":"/s","type":"log","data":%s}`)},
	{"Event Hubs", in(`{"records":[%s]}`)},
	{"array", in(`[ %s ]`)},
	{"syslog CEE", in("<134>Oct 10 13:55:40 h nginx: @cee: %s")},
	{"syslog without tag", in("Oct 10 13:55:40 h %s")},
	{"registry prefix", in("\x00\x00\x00\x01\x02%s")},
	{"OTLP body", otlpBody},
	{"OTLP attributes", otlpAttributes},
	{"OTLP protobuf body", func(line []byte) []byte { return toProtobuf(otlpBody(line)) }},
	{"OTLP protobuf attributes", func(line []byte) []byte { return toProtobuf(otlpAttributes(line)) }},
}

func TestJSONEnvelopes(t *testing.T) {
	for _, s := range samples(t, "*-json.txtar") {
		for _, w := range jsonWrappers {
			if s.name == "ecs-json" && strings.HasSuffix(w.name, " attributes") {
				continue // nested attributes are not those of the semantic conventions
			}
			t.Run(s.name+"/"+w.name, func(t *testing.T) {
				var records [][]byte
				for _, line := range lines(s.input) {
					records = append(records, w.wrap(bytes.Clone(line)))
				}
				if diff := cmp.Diff(s.want, decode(t, Config{}, records...)); diff != "" {
					t.Errorf("in %.200q (-want +got):\n%s", records[0], diff)
				}
			})
		}
	}
}

// otlpBody is the object as the structured body of an OTLP record, as a collector's json_parser leaves it.
func otlpBody(line []byte) []byte {
	return fmt.Appendf(nil, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":%s}]}]}]}`, anyValue(line))
}

func otlpAttributes(line []byte) []byte {
	var body struct {
		List struct {
			Values json.RawMessage `json:"values"`
		} `json:"kvlistValue"`
	}
	if err := json.Unmarshal([]byte(anyValue(line)), &body); err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":%s}]}]}]}`, body.List.Values)
}

// anyValue is a JSON value as an OTLP AnyValue. The order of members is kept.
func anyValue(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	switch raw[0] {
	case '{':
		return `{"kvlistValue":{"values":[` + strings.Join(children(raw, true), ",") + `]}}`
	case '[':
		return `{"arrayValue":{"values":[` + strings.Join(children(raw, false), ",") + `]}}`
	case '"':
		return `{"stringValue":` + string(raw) + `}`
	case 't', 'f':
		return `{"boolValue":` + string(raw) + `}`
	case 'n':
		return `{}`
	default:
		if bytes.ContainsAny(raw, ".eE") {
			return `{"doubleValue":` + string(raw) + `}`
		}
		return `{"intValue":"` + string(raw) + `"}`
	}
}

func children(raw []byte, keyed bool) []string {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		panic(err)
	}
	var all []string
	for d.More() {
		key := json.Token("")
		if keyed {
			key, _ = d.Token()
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			panic(err)
		}
		if keyed {
			all = append(all, fmt.Sprintf(`{"key":%q,"value":%s}`, key, anyValue(value)))
		} else {
			all = append(all, anyValue(value))
		}
	}
	return all
}

const combinedLine = `203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8.5.0"`

const combinedEvent = `{"timestamp":"2026-10-10T13:55:36Z","method":"GET","path":"/a","status":200,"body_bytes_out":5,` +
	`"client_ip":"203.0.113.9","peer_ip":"203.0.113.9","user_agent":"curl/8.5.0","http_version":"1.1"}` + "\n"

func TestPartialLines(t *testing.T) {
	const stdout, stderr = "2026-10-10T13:55:40.1Z stdout ", "2026-10-10T13:55:40.1Z stderr "
	long := strings.Repeat("x", 700)
	tests := []struct {
		name    string
		records []string
		want    string
	}{
		{"joined", []string{stdout + "P " + combinedLine[:20], stdout + "P " + combinedLine[20:50], stdout + "F " + combinedLine[50:]}, "skipped\nskipped\n" + combinedEvent},
		{
			"streams apart",
			[]string{stdout + "P " + combinedLine[:20], stderr + "F " + combinedLine, stdout + "F " + combinedLine[20:]},
			"skipped\n" + combinedEvent + combinedEvent,
		},
		{
			"too long",
			[]string{stdout + "P " + long, stdout + "P " + long, stdout + "F end", stdout + "F " + combinedLine},
			"skipped\nskipped\nrejected: too_long: " + fmt.Sprintf("%.60q", stdout+"F end") + "\n" + combinedEvent,
		},
		{"empty end", []string{stdout + "P " + combinedLine, stdout + "F"}, "skipped\n" + combinedEvent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var records [][]byte
			for _, r := range tt.records {
				records = append(records, []byte(r))
			}
			if diff := cmp.Diff(tt.want, decode(t, Config{MaxLine: 1000}, records...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBatches(t *testing.T) {
	line := func(n int) string { return strings.Replace(combinedLine, "/a", fmt.Sprintf("/%d", n), 1) }
	var events strings.Builder
	for n := range 3 {
		events.WriteString(strings.Replace(combinedEvent, "/a", fmt.Sprintf("/%d", n), 1))
	}
	list := fmt.Sprintf(`[{"message":%q},{"message":%q},{"message":%q}]`, line(0), line(1), line(2))
	file := []byte(line(0) + "\n\n" + line(1) + "\r\n" + line(2) + "\n")
	tests := []struct {
		name   string
		record []byte
		want   string
	}{
		{"lines", file, strings.Replace(events.String(), "\n", "\nskipped\n", 1)},
		{"gzip of lines", gzipped(file), strings.Replace(events.String(), "\n", "\nskipped\n", 1)},
		{"array", []byte(list), events.String()},
		{"records", []byte(`{"records":` + list + `}`), events.String()},
		{"logEvents", []byte(`{"logEvents":` + list + `}`), events.String()},
		{"nothing", []byte(`{"records":[]}`), "skipped\n"},
		{"longer than a line", []byte(`{"pad":"` + strings.Repeat("x", 2000) + `","records":` + list + `}`), events.String()},
		{
			"one too long", []byte(fmt.Sprintf(`[{"message":%q},{"message":%q}]`, line(0), strings.Repeat("x", 2000))),
			strings.Replace(combinedEvent, "/a", "/0", 1) + "rejected: too_long: " + fmt.Sprintf("%.60q", strings.Repeat("x", 60)) + "\n",
		},
		{
			"broken at the end", []byte(fmt.Sprintf(`[{"message":%q},{"mess`, line(0))),
			strings.Replace(combinedEvent, "/a", "/0", 1) + "rejected: truncated: " + fmt.Sprintf("%.60q", fmt.Sprintf(`[{"message":%q}`, line(0))) + "\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, decode(t, Config{MaxLine: 1000}, tt.record)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompressedRecordsAreBounded(t *testing.T) {
	bomb := bytes.Repeat([]byte{'x'}, 17<<20)
	for name, record := range map[string][]byte{
		"gzip": gzipped(bomb), "zstd": zstandard(bomb), "truncated gzip": gzipped([]byte(combinedLine))[:40], "broken zstd": zstandard([]byte(combinedLine))[:20],
	} {
		got := decode(t, Config{}, record, []byte(combinedLine))
		if !strings.HasPrefix(got, "rejected: ") || !strings.HasSuffix(got, "\n"+combinedEvent) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestOrdinalsCountLines(t *testing.T) {
	d := newDecoder(t, Config{})
	d.Origin = event.Origin{Topic: "t", Partition: 1, Offset: 7}
	var got []event.Origin
	d.Decode([]byte(combinedLine+"\n\nrubbish\n"+combinedLine), sinkFunc(func(e *event.Event) { got = append(got, e.Origin) }))
	d.Origin.Offset = 8
	d.Decode([]byte(combinedLine), sinkFunc(func(e *event.Event) { got = append(got, e.Origin) }))
	want := []event.Origin{
		{Topic: "t", Partition: 1, Offset: 7, Ordinal: 0},
		{Topic: "t", Partition: 1, Offset: 7, Ordinal: 3}, // behind a blank line and a rejected one
		{Topic: "t", Partition: 1, Offset: 8, Ordinal: 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
}

func TestRegistryPrefixNeedsASchema(t *testing.T) {
	record := binary.BigEndian.AppendUint32([]byte{0}, 0)
	if got := decode(t, Config{}, append(record, combinedLine...)); got != combinedEvent {
		t.Errorf("NUL bytes in front of a line: %s", got)
	}
}
