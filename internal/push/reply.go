package push

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"gatewatch/internal/protowire"
)

// reply is how a request is answered.
type reply struct {
	code     int
	message  string // of an error, or of a success that is not whole
	accepted int    // records
	dropped  int    // OTLP log records that were not taken
	headers  [][2]string
}

func (r reply) with(header, value string) reply {
	r.headers = append(r.headers, [2]string{header, value})
	return r
}

// retryAfter is how many seconds a client is asked to wait. Kafka's usual troubles, an election or a full buffer, take
// about as long.
const retryAfter = "2"

func busy(message string) reply {
	return reply{code: http.StatusTooManyRequests, message: message}.with("Retry-After", retryAfter)
}

func unavailable(message string) reply {
	return reply{code: http.StatusServiceUnavailable, message: message}.with("Retry-After", retryAfter)
}

func accepted(records, dropped int) reply {
	r := reply{code: http.StatusOK, accepted: records, dropped: dropped}
	if dropped > 0 {
		r.message = "log records that are larger than a kafka record may be were not taken"
	}
	return r
}

// failure says why records were not taken, or are not known to be safe.
func failure(err error) reply {
	var bad *contentError
	switch {
	case errors.As(err, &bad):
		return reply{code: bad.code, message: bad.message}
	case errors.Is(err, ErrTooLarge):
		return reply{code: http.StatusRequestEntityTooLarge, message: "kafka takes no record of this size"}
	case errors.Is(err, context.DeadlineExceeded):
		return unavailable("kafka did not acknowledge in time")
	default: // the reason may hold addresses, which are not the client's business
		return unavailable("kafka is not there, or does not take records")
	}
}

// write answers in the encoding of the request, as OTLP/HTTP wants it: a response, or a google.rpc.Status.
func (r reply) write(w http.ResponseWriter, k kind) {
	h := w.Header()
	for _, kv := range r.headers {
		h.Set(kv[0], kv[1])
	}
	h.Set("X-Content-Type-Options", "nosniff")
	var content []byte
	switch k {
	case otlpProtobuf:
		h.Set("Content-Type", "application/x-protobuf")
		content = r.protobuf()
	case otlpJSON:
		h.Set("Content-Type", "application/json")
		content = r.json()
	case ndjson, text, unknown:
		h.Set("Content-Type", "text/plain; charset=utf-8")
		content = []byte(r.message + "\n")
		if r.code == http.StatusOK {
			content = strconv.AppendInt(nil, int64(r.accepted), 10)
			content = append(content, " records accepted\n"...)
		}
	}
	w.WriteHeader(r.code)
	_, _ = w.Write(content) // the client is gone: it will ask again
}

func (r reply) protobuf() []byte {
	if r.code != http.StatusOK {
		return protowire.AppendBytes(protowire.AppendVarint(nil, 1, uint64(r.status())), 2, []byte(r.message))
	}
	if r.dropped == 0 {
		return nil
	}
	partial := protowire.AppendBytes(protowire.AppendVarint(nil, 1, uint64(r.dropped)), 2, []byte(r.message))
	return protowire.AppendBytes(nil, 1, partial)
}

func (r reply) json() []byte {
	type partial struct {
		Rejected int    `json:"rejectedLogRecords,string"`
		Message  string `json:"errorMessage"`
	}
	var v any
	switch {
	case r.code != http.StatusOK:
		v = struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		}{r.status(), r.message}
	case r.dropped > 0:
		v = struct {
			Partial partial `json:"partialSuccess"`
		}{partial{r.dropped, r.message}}
	default:
		v = struct{}{}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return []byte("{}") // never: these are numbers and texts
	}
	return b
}

// status is the code of google.rpc that stands for the answer.
func (r reply) status() int {
	switch r.code {
	case http.StatusUnauthorized:
		return 16 // UNAUTHENTICATED
	case http.StatusForbidden:
		return 7 // PERMISSION_DENIED
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return 12 // UNIMPLEMENTED
	case http.StatusTooManyRequests:
		return 8 // RESOURCE_EXHAUSTED
	case http.StatusServiceUnavailable:
		return 14 // UNAVAILABLE
	default:
		return 3 // INVALID_ARGUMENT
	}
}
