package event

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// MaxUnmapped is how many unmapped fields an event keeps on the wire.
const MaxUnmapped = 1024

// The field numbers of Origin and Pair in the schema.
const (
	numTopic, numPartition, numOffset, numOrdinal = 1, 2, 3, 4
	numKey, numValue                              = 1, 2
)

// AppendProto appends the event as a message gatewatch.event.v1.Event. It does not allocate beyond growing b. Zones of
// addresses are dropped, and of the unmapped fields the first MaxUnmapped are kept.
func (e *Event) AppendProto(b []byte) []byte {
	if e.Time != 0 {
		b = appendTag(b, numTime, wireFixed64)
		b = binary.LittleEndian.AppendUint64(b, uint64(e.Time))
	}
	b = e.Origin.appendProto(b)
	for _, f := range &texts {
		b = appendText(b, f.number, *e.text(f.number))
	}
	b = e.appendNumbers(b)
	b = appendAddr(b, numClient, e.Client)
	b = appendAddr(b, numPeer, e.Peer)
	for _, p := range e.Unmapped[:min(len(e.Unmapped), MaxUnmapped)] {
		b = appendTag(b, numUnmapped, wireBytes)
		b = binary.AppendUvarint(b, uint64(textSize(p.Key)+textSize(p.Value)))
		b = appendText(b, numKey, p.Key)
		b = appendText(b, numValue, p.Value)
	}
	return b
}

func (e *Event) appendNumbers(b []byte) []byte {
	for _, f := range [...]struct {
		field  Fields
		number uint64
		value  uint64
	}{
		{FieldStatus, numStatus, uint64(int64(e.Status))},
		{FieldBytesIn, numBytesIn, uint64(e.BytesIn)},
		{FieldBytesOut, numBytesOut, uint64(e.BytesOut)},
		{FieldBodyBytesOut, numBodyBytesOut, uint64(e.BodyBytesOut)},
		{FieldDuration, numDuration, uint64(e.DurationUS)},
		{FieldUpstream, numUpstream, uint64(e.UpstreamUS)},
		{FieldASN, numASN, uint64(e.ASN)},
	} {
		if e.Has(f.field) {
			b = appendVarint(b, f.number, f.value)
		}
	}
	return b
}

func appendAddr(b []byte, number uint64, a netip.Addr) []byte {
	switch {
	case a.Is4():
		v := a.As4()
		return append(append(appendTag(b, number, wireBytes), 4), v[:]...)
	case a.Is6():
		v := a.As16()
		return append(append(appendTag(b, number, wireBytes), 16), v[:]...)
	default:
		return b
	}
}

func (o *Origin) appendProto(b []byte) []byte {
	if *o == (Origin{}) {
		return b
	}
	partition, offset, ordinal := uint64(int64(o.Partition)), uint64(o.Offset), uint64(int64(o.Ordinal))
	size := textSize(o.Topic)
	for _, v := range [...]uint64{partition, offset, ordinal} {
		if v != 0 {
			size += 1 + varintSize(v)
		}
	}
	b = binary.AppendUvarint(appendTag(b, numOrigin, wireBytes), uint64(size))
	b = appendText(b, numTopic, o.Topic)
	if partition != 0 {
		b = appendVarint(b, numPartition, partition)
	}
	if offset != 0 {
		b = appendVarint(b, numOffset, offset)
	}
	if ordinal != 0 {
		b = appendVarint(b, numOrdinal, ordinal)
	}
	return b
}

// UnmarshalProto reads a message gatewatch.event.v1.Event into the event, which it resets first. Texts alias b; fields
// the schema does not know are skipped. It allocates only for more unmapped fields than the event ever held.
func (e *Event) UnmarshalProto(b []byte) error {
	e.Reset()
	for w := (wire{e.readPlain(b)}); len(w.b) > 0; w.b = e.readPlain(w.b) {
		number, kind, err := w.tag()
		if err == nil {
			err = e.readField(&w, number, kind)
		}
		if err != nil {
			return fmt.Errorf("decoding event: %w", err)
		}
	}
	return nil
}

func (e *Event) readField(w *wire, number uint64, kind int) error {
	switch {
	case kind == wireBytes && number <= numUnmapped:
		v, err := w.bytes()
		if err != nil {
			return err
		}
		return e.setBytes(number, v)
	case kind == wireVarint && number <= numUnmapped:
		v, err := w.varint()
		if err != nil {
			return err
		}
		e.setNumber(number, v)
		return nil
	case kind == wireFixed64 && number == numTime:
		v, err := w.fixed64()
		e.Time = int64(v)
		return err
	default:
		return w.skip(number, kind)
	}
}

func (e *Event) setBytes(number uint64, v []byte) (err error) {
	if p := e.text(number); p != nil {
		*p = alias(v)
		return nil
	}
	switch number {
	case numClient:
		e.Client, err = readAddr(v)
	case numPeer:
		e.Peer, err = readAddr(v)
	case numOrigin:
		err = e.Origin.readProto(wire{v})
	case numUnmapped:
		if len(e.Unmapped) == MaxUnmapped {
			return errPairs
		}
		var p Pair
		err = p.readProto(wire{v})
		e.Unmapped = append(e.Unmapped, p)
	}
	return err
}

func (e *Event) setNumber(number, v uint64) {
	switch number {
	case numStatus:
		e.SetStatus(int64(v))
	case numBytesIn:
		e.SetBytesIn(int64(v))
	case numBytesOut:
		e.SetBytesOut(int64(v))
	case numBodyBytesOut:
		e.SetBodyBytesOut(int64(v))
	case numDuration:
		e.SetDuration(int64(v))
	case numUpstream:
		e.SetUpstream(int64(v))
	case numASN:
		e.SetASN(uint32(v))
	}
}

func readAddr(v []byte) (netip.Addr, error) {
	switch len(v) {
	case 0:
		return netip.Addr{}, nil
	case 4:
		return netip.AddrFrom4([4]byte(v)), nil
	case 16:
		return netip.AddrFrom16([16]byte(v)), nil
	default:
		return netip.Addr{}, errAddress
	}
}

func (o *Origin) readProto(w wire) error {
	for len(w.b) > 0 {
		number, kind, err := w.tag()
		if err != nil {
			return err
		}
		var v uint64
		switch {
		case number == numTopic && kind == wireBytes:
			var topic []byte
			topic, err = w.bytes()
			o.Topic = alias(topic)
		case kind == wireVarint:
			v, err = w.varint()
			o.setNumber(number, v)
		default:
			err = w.skip(number, kind)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *Origin) setNumber(number, v uint64) {
	switch number {
	case numPartition:
		o.Partition = int32(v)
	case numOffset:
		o.Offset = int64(v)
	case numOrdinal:
		o.Ordinal = int32(v)
	}
}

func (p *Pair) readProto(w wire) error {
	for len(w.b) > 0 {
		number, kind, err := w.tag()
		if err != nil {
			return err
		}
		if kind != wireBytes || number > numValue {
			if err = w.skip(number, kind); err != nil {
				return err
			}
			continue
		}
		v, err := w.bytes()
		if err != nil {
			return err
		}
		if number == numKey {
			p.Key = alias(v)
		} else {
			p.Value = alias(v)
		}
	}
	return nil
}
