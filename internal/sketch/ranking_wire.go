package sketch

import (
	"cmp"
	"encoding"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

const rankingVersion = 1

var (
	_ encoding.BinaryAppender    = (*Ranking)(nil)
	_ encoding.BinaryUnmarshaler = (*Ranking)(nil)
)

// AppendBinary appends the values and weights; equal ones give equal bytes. The key is not among them, only its
// fingerprint.
func (r *Ranking) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, rankingVersion)
	b = binary.LittleEndian.AppendUint64(b, r.key.Fingerprint())
	b = binary.LittleEndian.AppendUint64(b, uint64(r.halfLife))
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Landmark))
	b = appendFloat(b, r.Total)
	b = binary.AppendUvarint(b, uint64(r.limit))
	b = binary.AppendUvarint(b, uint64(len(r.slots)))
	order := slices.Clone(r.heap)
	slices.SortFunc(order, func(x, y uint32) int { return cmp.Compare(r.slots[x].hash, r.slots[y].hash) })
	for _, i := range order {
		v := &r.slots[i]
		b = binary.LittleEndian.AppendUint64(b, v.hash)
		b = appendFloat(b, v.weight)
		b = appendFloat(b, v.over)
		b = append(b, byte(v.length))
		b = append(b, v.name[:v.length]...)
	}
	return b, nil
}

// UnmarshalBinary takes the place of all values. It refuses what was written under another key, k or half-life; after an
// error nothing has changed.
func (r *Ranking) UnmarshalBinary(data []byte) error {
	in := reader{b: data}
	if err := in.open("ranking", rankingVersion); err != nil {
		return err
	}
	fingerprint, halfLife := in.u64(), int64(in.u64())
	landmark, total := int64(in.u64()), in.float()
	k := int(in.count(MaxRanked))
	if err := in.fault("ranking"); err != nil {
		return err
	}
	if fingerprint != r.key.Fingerprint() || halfLife != r.halfLife || k != r.limit {
		return fmt.Errorf("reading ranking of another key, size or half-life: %w", ErrUnlike)
	}
	read := NewRanking(r.key, k, halfLife)
	read.aging = aging{Landmark: landmark, Total: total}
	for range in.count(uint64(k)) {
		if in.bad {
			break
		}
		read.readValue(&in)
	}
	if err := in.done("ranking"); err != nil {
		return err
	}
	*r = *read
	return nil
}

// readValue reads a value; they come in rising order of their hashes.
func (r *Ranking) readValue(in *reader) {
	v := ranked{hash: in.u64(), weight: in.float(), over: in.float(), length: uint32(in.u8())}
	if v.length > NameLength || v.over > v.weight || v.weight > math.MaxFloat64/MaxRanked {
		in.b, in.bad = nil, true
		return
	}
	copy(v.name[:], in.take(int(v.length)))
	if n := len(r.slots); n > 0 && r.slots[n-1].hash >= v.hash {
		in.bad = true
	}
	if !in.bad {
		r.insert(&v)
	}
}
