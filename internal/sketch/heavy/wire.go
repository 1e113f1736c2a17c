package heavy

import (
	"cmp"
	"encoding"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"gatewatch/internal/sketch/wire"
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
	b = wire.AppendFloat(b, r.Total)
	b = binary.AppendUvarint(b, uint64(r.limit))
	b = binary.AppendUvarint(b, uint64(len(r.slots)))
	order := slices.Clone(r.heap)
	slices.SortFunc(order, func(x, y uint32) int { return cmp.Compare(r.slots[x].hash, r.slots[y].hash) })
	for _, i := range order {
		v := &r.slots[i]
		b = binary.LittleEndian.AppendUint64(b, v.hash)
		b = wire.AppendFloat(b, v.weight)
		b = wire.AppendFloat(b, v.over)
		b = append(b, byte(v.length))
		b = append(b, v.name[:v.length]...)
	}
	return b, nil
}

// UnmarshalBinary takes the place of all values. It refuses what was written under another key, k or half-life; after an
// error nothing has changed.
func (r *Ranking) UnmarshalBinary(data []byte) error {
	in := wire.Read(data)
	if err := in.Open("ranking", rankingVersion); err != nil {
		return err
	}
	fingerprint, halfLife := in.U64(), int64(in.U64())
	landmark, total := int64(in.U64()), in.Float()
	k := int(in.Count(MaxRanked))
	if err := in.Fault("ranking"); err != nil {
		return err
	}
	if fingerprint != r.key.Fingerprint() || halfLife != r.halfLife || k != r.limit {
		return fmt.Errorf("reading ranking of another key, size or half-life: %w", wire.ErrUnlike)
	}
	read := NewRanking(r.key, k, halfLife)
	read.aging = aging{Landmark: landmark, Total: total}
	for range in.Count(uint64(k)) {
		if in.Bad() {
			break
		}
		read.readValue(&in)
	}
	if err := in.Done("ranking"); err != nil {
		return err
	}
	*r = *read
	return nil
}

// readValue reads a value; they come in rising order of their hashes.
func (r *Ranking) readValue(in *wire.Reader) {
	v := ranked{hash: in.U64(), weight: in.Float(), over: in.Float(), length: uint32(in.U8())}
	if v.length > NameLength || v.over > v.weight || v.weight > math.MaxFloat64/MaxRanked {
		in.Fail()
		return
	}
	copy(v.name[:], in.Take(int(v.length)))
	if n := len(r.slots); n > 0 && r.slots[n-1].hash >= v.hash {
		in.Fail()
	}
	if !in.Bad() {
		r.insert(&v)
	}
}
