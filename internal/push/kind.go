package push

import (
	"mime"
	"net/http"
)

// kind is what a request holds.
type kind uint8

const (
	unknown kind = iota
	otlpJSON
	otlpProtobuf
	ndjson
	text
)

// contentTypes are those that are taken, for people.
const contentTypes = "application/json, application/x-protobuf (both OTLP), application/x-ndjson, text/plain"

// String is the kind's name in metrics.
func (k kind) String() string {
	switch k {
	case otlpJSON:
		return "otlp_json"
	case otlpProtobuf:
		return "otlp_protobuf"
	case ndjson:
		return "ndjson"
	case text:
		return "text"
	default:
		return "unknown"
	}
}

func kindOf(r *http.Request) kind {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return unknown
	}
	switch media {
	case "application/json":
		return otlpJSON
	case "application/x-protobuf", "application/protobuf":
		return otlpProtobuf
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
		return ndjson
	case "text/plain":
		return text
	default:
		return unknown
	}
}
