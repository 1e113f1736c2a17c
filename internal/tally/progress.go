package tally

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"time"

	"gatewatch/internal/sketch/wire"
)

// Patience is how far one partition may be behind another and still be waited for, in event time. One that is further
// behind has nothing to tell, or nobody who reads it.
const Patience = 10 * time.Minute

// maxPartitions bounds how many partitions are told apart.
const maxPartitions = 1 << 12

// Progress is up to where each partition of the first stage has told its tallies. The zero value has heard of none. One
// goroutine owns it.
type Progress struct {
	marks   []mark // by partition
	settled int64
}

type mark struct {
	partition int32
	until     int64
}

// Note takes in up to where a partition has told.
func (p *Progress) Note(partition int32, until int64) {
	i, known := slices.BinarySearchFunc(p.marks, partition, func(m mark, n int32) int { return cmp.Compare(m.partition, n) })
	switch {
	case known && p.marks[i].until == until:
		return
	case known:
		p.marks[i].until = until
	case len(p.marks) < maxPartitions:
		p.marks = slices.Insert(p.marks, i, mark{partition, until})
	}
	p.settle()
}

func (p *Progress) settle() {
	var newest int64
	for _, m := range p.marks {
		newest = max(newest, m.until)
	}
	settled := newest
	for _, m := range p.marks {
		if newest-m.until <= int64(Patience) {
			settled = min(settled, m.until)
		}
	}
	p.settled = settled
}

// Settled is the event time up to which every partition has told that is not far behind. It goes back when a partition
// comes back that was.
func (p *Progress) Settled() int64 { return p.settled }

// AppendTo appends the progress as ReadFrom reads it.
func (p *Progress) AppendTo(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(p.marks)))
	for _, m := range p.marks {
		b = binary.AppendUvarint(b, uint64(uint32(m.partition)))
		b = binary.LittleEndian.AppendUint64(b, uint64(m.until))
	}
	return b
}

// ReadFrom makes the progress what AppendTo has written.
func (p *Progress) ReadFrom(b []byte) error {
	*p = Progress{}
	r := wire.Read(b)
	for range r.Count(maxPartitions) {
		p.marks = append(p.marks, mark{int32(r.Count(math.MaxUint32)), int64(r.U64())})
	}
	if !slices.IsSortedFunc(p.marks, func(a, b mark) int { return cmp.Compare(a.partition, b.partition) }) {
		r.Fail()
	}
	if err := r.Done(what); err != nil {
		*p = Progress{}
		return err //nolint:wrapcheck // it says what of
	}
	p.settle()
	return nil
}
