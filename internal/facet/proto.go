package facet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"gatewatch/internal/event"
	"gatewatch/internal/protowire"
	"gatewatch/internal/route"
)

// The field numbers of schemas/facet/v1/facet.proto.
const (
	numTopic     = 1
	numPartition = 2
	numOffset    = 3
	numOrdinal   = 4
	numKind      = 5
	numOutcome   = 6
	numCertain   = 7
	numFailed    = 8
	numPassed    = 9
	numEvent     = 10
	numTally     = 11
)

// AppendProto appends the facet as a message gatewatch.facet.v1.Facet. It does not allocate beyond growing b.
func (f *Facet) AppendProto(b []byte) []byte {
	b = appendText(b, numTopic, f.Source.Topic)
	b = appendNumber(b, numPartition, uint64(int64(f.Source.Partition)))
	b = appendNumber(b, numOffset, uint64(f.Source.Offset))
	b = appendNumber(b, numOrdinal, uint64(int64(f.Source.Ordinal)))
	if f.Kind != event.KindUnknown {
		b = appendText(b, numKind, f.Kind.String())
	}
	b = appendNumber(b, numOutcome, uint64(f.Outcome))
	if f.Certain {
		b = appendNumber(b, numCertain, 1)
	}
	b = appendNumber(b, numFailed, uint64(f.Failed))
	b = appendNumber(b, numPassed, uint64(f.Passed))
	b = f.appendEvent(b)
	if f.IsTally() {
		b = f.Tally.appendProto(b)
	}
	return b
}

// appendEvent appends the event behind its length, which is known only afterwards.
func (f *Facet) appendEvent(b []byte) []byte {
	b = append(b, numEvent<<3|byte(protowire.Bytes))
	start := len(b)
	b = f.Event.AppendProto(append(b, 0)) // room for the length of most
	var length [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(length[:], uint64(len(b)-start-1))
	for range n - 1 {
		b = append(b, 0)
	}
	copy(b[start+n:], b[start+1:len(b)-n+1])
	copy(b[start:], length[:n])
	return b
}

// UnmarshalProto reads a message gatewatch.facet.v1.Facet into the facet, which it resets first. Texts alias b; fields
// the schema does not know are skipped.
func (f *Facet) UnmarshalProto(b []byte) error {
	f.Event.Reset()
	*f = Facet{Event: f.Event}
	fields := protowire.Walk(b)
	for fields.Next() {
		at := &fields.At
		switch at.Kind {
		case protowire.Bytes:
			if err := f.setBytes(at.Number, at.Bytes); err != nil {
				return fmt.Errorf("decoding facet: %w", err)
			}
		case protowire.Varint:
			f.setNumber(at.Number, at.Value)
		case protowire.Fixed32, protowire.Fixed64: // none of ours
		}
	}
	if fields.Bad() {
		return fmt.Errorf("decoding facet: %w", errMalformed)
	}
	return nil
}

var errMalformed = errors.New("not a message of protobuf")

func (f *Facet) setBytes(number uint64, v []byte) error {
	switch number {
	case numTopic:
		f.Source.Topic = alias(v)
	case numKind:
		f.Kind = event.ParseKind(alias(v))
	case numEvent:
		return f.Event.UnmarshalProto(v)
	case numTally:
		return f.Tally.unmarshalProto(v)
	}
	return nil
}

func (f *Facet) setNumber(number, v uint64) {
	switch number {
	case numPartition:
		f.Source.Partition = int32(v)
	case numOffset:
		f.Source.Offset = int64(v)
	case numOrdinal:
		f.Source.Ordinal = int32(v)
	case numOutcome:
		f.Outcome = outcome(v)
	case numCertain:
		f.Certain = v != 0
	case numFailed:
		f.Failed = uint8(min(v, 255))
	case numPassed:
		f.Passed = uint8(min(v, 255))
	}
}

// outcome is the outcome of a number in the schema; a newer one is unknown.
func outcome(v uint64) route.Outcome {
	switch o := route.Outcome(min(v, 255)); o {
	case route.Success, route.Failure:
		return o
	default:
		return route.OutcomeUnknown
	}
}

// alias is b as a string that shares its memory.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func appendText(b []byte, number uint64, s string) []byte {
	if s == "" {
		return b
	}
	return protowire.AppendBytes(b, number, s)
}

func appendNumber(b []byte, number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(b, number, v)
}
