package event

import (
	"encoding/binary"
	"unsafe"
)

// numbers is more than the largest field number of the schema, and a power of two.
const numbers = 64

// places are where in an event the texts lie, by field number, 0 for every other number. An address found by table costs
// no jump that the processor has to guess, and there are a dozen of them in each event.
var places = func() (t [numbers]uintptr) {
	var e Event
	for n := range t {
		if p := e.text(uint64(n)); p != nil {
			t[n] = uintptr(unsafe.Pointer(p)) - uintptr(unsafe.Pointer(&e))
		}
	}
	return t
}()

// readPlain reads the fields of an event up to the first that is not plain, and returns the rest: that one is for
// readField, which reads the plain ones as well. Plain are those of the schema as AppendProto writes them, texts shorter
// than 16 KiB. It only saves time.
func (e *Event) readPlain(b []byte) []byte {
	for len(b) > 2 {
		tag, at := uint(b[0]), 1
		if tag >= 0x80 {
			tag, at = tag&0x7f|uint(b[1])<<7, 2
		}
		number := tag >> 3
		if number == 0 || number >= numbers {
			return b
		}
		n := 0
		switch tag & 7 {
		case wireBytes:
			n = e.plainBytes(number, b[at:])
		case wireVarint:
			n = e.plainNumber(number, b[at:])
		case wireFixed64:
			if number == numTime && len(b)-at >= 8 {
				e.Time, n = int64(binary.LittleEndian.Uint64(b[at:])), 8
			}
		}
		if n == 0 {
			return b
		}
		b = b[at+n:]
	}
	return b
}

// plainBytes reads the length and the bytes of a field and returns how many that were, 0 when it is not plain.
func (e *Event) plainBytes(number uint, b []byte) int {
	size, at := uint(b[0]), uint(1)
	if size >= 0x80 {
		if len(b) < 2 || b[1] >= 0x80 {
			return 0
		}
		size, at = size&0x7f|uint(b[1])<<7, 2
	}
	end := at + size
	if end > uint(len(b)) {
		return 0
	}
	v := b[at:end:end]
	if place := places[number%numbers]; place != 0 {
		*(*string)(unsafe.Add(unsafe.Pointer(e), place)) = alias(v)
		return int(end)
	}
	var err error
	switch number {
	case numClient:
		e.Client, err = readAddr(v)
	case numPeer:
		e.Peer, err = readAddr(v)
	case numOrigin:
		err = e.Origin.readProto(wire{e.Origin.readPlain(v)})
	default:
		return 0
	}
	if err != nil {
		return 0 // readField says what is wrong
	}
	return int(end)
}

// plainNumber reads the value of a field and returns its length, 0 when it is not plain.
func (e *Event) plainNumber(number uint, b []byte) int {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0
	}
	switch number {
	case numStatus:
		e.SetStatus(int64(v))
	case numBodyBytesOut:
		e.SetBodyBytesOut(int64(v))
	default:
		e.setNumber(uint64(number), v)
	}
	return n
}

// readPlain reads a topic, a partition and an offset where they stand in this order, and returns the rest.
func (o *Origin) readPlain(b []byte) []byte {
	if len(b) > 1 && b[0] == numTopic<<3|wireBytes && b[1] < 0x80 && len(b) >= 2+int(b[1]) {
		end := 2 + int(b[1])
		o.Topic, b = alias(b[2:end]), b[end:]
	}
	if len(b) > 1 && b[0] == numPartition<<3|wireVarint && b[1] < 0x80 {
		o.Partition, b = int32(b[1]), b[2:]
	}
	if len(b) > 1 && b[0] == numOffset<<3|wireVarint {
		if v, n := binary.Uvarint(b[1:]); n > 0 {
			o.Offset, b = int64(v), b[1+n:]
		}
	}
	return b
}
