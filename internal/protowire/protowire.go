// Package protowire walks the fields of protobuf messages by the wire format alone. It knows no schema, copies nothing and
// goes no deeper than it is asked to.
package protowire

import "encoding/binary"

// Kind is a wire type of protobuf.
type Kind uint8

// The wire types. Groups, which were given up long ago, are malformed here.
const (
	Varint  Kind = 0
	Fixed64 Kind = 1
	Bytes   Kind = 2
	Fixed32 Kind = 5
)

// Field is a field of a message.
type Field struct {
	Number uint64
	Kind   Kind
	Bytes  []byte // of Kind Bytes
	Value  uint64 // of the other kinds
	Raw    []byte // the field as it is in the message, with its tag
}

// Is tells a field of bytes by its number.
func (f *Field) Is(number uint64) bool { return f.Number == number && f.Kind == Bytes }

// Fields walks the fields of a message and stops at the first that is malformed. The zero value has none.
type Fields struct {
	// At is the current field; it holds until Next is called.
	At   Field
	rest []byte
	bad  bool
}

// Walk begins to walk a message.
func Walk(message []byte) Fields { return Fields{rest: message} }

// Next goes to the next field and tells whether there is one.
func (f *Fields) Next() bool {
	if len(f.rest) == 0 || f.bad {
		return false
	}
	all := f.rest
	tag, ok := f.varint()
	f.At = Field{Number: tag >> 3, Kind: Kind(tag & 7)}
	if !ok || f.At.Number == 0 || !f.read() {
		f.bad = true
		return false
	}
	f.At.Raw = all[:len(all)-len(f.rest)]
	return true
}

// Bad tells that the walk ended at something that is no field.
func (f *Fields) Bad() bool { return f.bad }

// read reads what is behind a tag.
func (f *Fields) read() (ok bool) {
	switch f.At.Kind {
	case Varint:
		f.At.Value, ok = f.varint()
	case Fixed64:
		if ok = len(f.rest) >= 8; ok {
			f.At.Value, f.rest = binary.LittleEndian.Uint64(f.rest), f.rest[8:]
		}
	case Fixed32:
		if ok = len(f.rest) >= 4; ok {
			f.At.Value, f.rest = uint64(binary.LittleEndian.Uint32(f.rest)), f.rest[4:]
		}
	case Bytes:
		n, valid := f.varint()
		if ok = valid && n <= uint64(len(f.rest)); ok {
			f.At.Bytes, f.rest = f.rest[:n:n], f.rest[n:]
		}
	default:
	}
	return ok
}

func (f *Fields) varint() (uint64, bool) {
	if len(f.rest) > 0 && f.rest[0] < 0x80 {
		v := f.rest[0]
		f.rest = f.rest[1:]
		return uint64(v), true
	}
	v, n := binary.Uvarint(f.rest)
	if n <= 0 {
		return 0, false
	}
	f.rest = f.rest[n:]
	return v, true
}

// Valid tells whether a message is nothing but fields.
func Valid(message []byte) bool {
	f := Walk(message)
	for f.Next() {
	}
	return !f.bad
}

// AppendBytes appends a field of bytes.
func AppendBytes[T string | []byte](b []byte, number uint64, value T) []byte {
	b = binary.AppendUvarint(b, number<<3|uint64(Bytes))
	return append(binary.AppendUvarint(b, uint64(len(value))), value...)
}

// AppendVarint appends a field of Kind Varint.
func AppendVarint(b []byte, number, value uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, number<<3|uint64(Varint)), value)
}
