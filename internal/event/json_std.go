package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// MarshalJSON is AppendJSON for encoding/json. Its receiver is a value, so that encoding/json finds it on an event inside
// another value as well.
func (e Event) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil), nil }

// UnmarshalJSON reads the canonical JSON object. It is for tools and tests: it allocates and takes its time. The origin
// is not in the object, only its hash, and stays empty; members the schema does not know are ignored.
func (e *Event) UnmarshalJSON(b []byte) error {
	e.Reset()
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		return fmt.Errorf("decoding event: %w", err)
	}
	for _, f := range texts {
		if err := member(m, f.name, e.text(f.number)); err != nil {
			return err
		}
	}
	if err := e.unmarshalNumbers(m); err != nil {
		return err
	}
	var at time.Time
	for name, p := range map[string]any{"timestamp": &at, "client_ip": &e.Client, "peer_ip": &e.Peer} {
		if err := member(m, name, p); err != nil {
			return err
		}
	}
	if _, ok := m["timestamp"]; ok {
		e.Time = at.UnixNano()
	}
	return e.unmarshalPairs(m["unmapped"])
}

func (e *Event) unmarshalNumbers(m map[string]json.RawMessage) error {
	for _, f := range []struct {
		name  string
		field Fields
		value any
	}{
		{"status", FieldStatus, &e.Status},
		{"bytes_in", FieldBytesIn, &e.BytesIn},
		{"bytes_out", FieldBytesOut, &e.BytesOut},
		{"body_bytes_out", FieldBodyBytesOut, &e.BodyBytesOut},
		{"duration_us", FieldDuration, &e.DurationUS},
		{"upstream_us", FieldUpstream, &e.UpstreamUS},
		{"asn", FieldASN, &e.ASN},
	} {
		if err := member(m, f.name, f.value); err != nil {
			return err
		}
		if _, ok := m[f.name]; ok {
			e.Present |= f.field
		}
	}
	return nil
}

func member(m map[string]json.RawMessage, name string, to any) error {
	raw, ok := m[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return fmt.Errorf("decoding event: member %s: %w", name, err)
	}
	return nil
}

// unmarshalPairs reads the members of an object in their order, which a map would lose.
func (e *Event) unmarshalPairs(raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("decoding event: unmapped is no object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fmt.Errorf("decoding event: unmapped: %w", err)
		}
		var value string
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("decoding event: unmapped: %w", err)
		}
		name, _ := key.(string)
		e.Unmapped = append(e.Unmapped, Pair{Key: name, Value: value})
	}
	return nil
}

// The interfaces of encoding/json.
var (
	_ json.Marshaler   = Event{}
	_ json.Unmarshaler = (*Event)(nil)
)
