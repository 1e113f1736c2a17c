package push

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"gatewatch/internal/accesslog/envelope"
)

// maxLines is how many lines a request may have: each costs memory beside its bytes.
const maxLines = 100_000

// contentError tells what is wrong with a request's content.
type contentError struct {
	code    int
	message string
}

// Error implements error.
func (e *contentError) Error() string { return e.message }

func malformed(message string) error { return &contentError{http.StatusBadRequest, message} }

// records makes records of a request: each line one, an OTLP request one or as few as it takes. dropped is how many OTLP
// log records no Kafka record has room for.
func (s *Server) records(k kind, body []byte, service string) (records []Record, dropped int, err error) {
	add := func(value []byte) { records = append(records, Record{Value: value, Service: service}) }
	switch k {
	case otlpProtobuf:
		dropped, err = splitProtobuf(body, s.cfg.MaxRecord, add)
	case otlpJSON:
		dropped, err = splitJSON(body, s.cfg.MaxRecord, add)
	case ndjson, text, unknown:
		err = s.lines(body, add)
	}
	if err != nil {
		return nil, 0, err
	}
	return records, dropped, nil
}

// lines takes a body apart. A line that no record has room for is cut: it is longer than any line that is read, so it
// will be among the rejected ones, with its beginning to look at.
func (s *Server) lines(body []byte, add func([]byte)) error {
	n := 0
	for len(body) > 0 {
		var line []byte
		line, body, _ = bytes.Cut(body, []byte{'\n'})
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) == 0 {
			continue
		}
		if n++; n > maxLines {
			return &contentError{
				http.StatusRequestEntityTooLarge, fmt.Sprintf("a request has at most %d lines: send fewer at a time", maxLines),
			}
		}
		if len(line) > s.cfg.MaxRecord {
			line = line[:s.cfg.MaxRecord]
			s.metrics.cut.Inc()
		}
		add(line)
	}
	return nil
}

func splitProtobuf(body []byte, limit int, add func([]byte)) (dropped int, err error) {
	if len(body) == 0 { // a request without logs, which OTLP allows
		return 0, nil
	}
	if envelope.Sniff(body) != envelope.Protobuf {
		return 0, malformed("this is no OTLP export of logs in protobuf")
	}
	p := protobufSplitter{add: add}
	p.split(body, protobufPath(), limit)
	return p.dropped, nil
}

func splitJSON(body []byte, limit int, add func([]byte)) (dropped int, err error) {
	body = bytes.TrimSpace(body)
	if !json.Valid(body) || body[0] != '{' && body[0] != '[' {
		return 0, malformed("this is no JSON object or array")
	}
	p := jsonSplitter{add: add}
	if body[0] == '[' {
		p.splitList(body, limit)
	} else {
		p.split(body, jsonPath(), limit)
	}
	if p.alien {
		return 0, &contentError{
			http.StatusRequestEntityTooLarge, fmt.Sprintf("JSON that is not OTLP has at most %d bytes: send less at a time", limit),
		}
	}
	return p.dropped, nil
}
