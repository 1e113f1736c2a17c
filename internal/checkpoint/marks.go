package checkpoint

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"gatewatch/internal/event"
)

// Marks are how far each source of events has been heard: the newest position of each, at or below which nothing is news.
// That is the deduplication, because the events of one source arrive in order. The number of sources is bounded; the one
// that moved least recently is forgotten first. One goroutine owns Marks.
type Marks struct {
	limit   int
	list    []mark
	index   map[Source]int32
	recent  [recentMarks]int32 // of the source last heard, by its partition: its place in list plus 1
	moves   uint64
	evicted uint64
}

// recentMarks is a power of two.
const recentMarks = 64

type mark struct {
	source  Source
	offset  int64
	ordinal int32
	moved   uint64 // when it moved last, counted in moves of all
}

// NewMarks makes marks for at most limit sources.
func NewMarks(limit int) *Marks {
	return &Marks{limit: max(limit, 1), index: map[Source]int32{}}
}

// Advance tells whether an event from here is news, and remembers that it was heard. An event that does not say where it
// came from is always news.
func (m *Marks) Advance(o *event.Origin) bool {
	if o.Topic == "" {
		return true
	}
	slot := &m.recent[uint32(o.Partition)%recentMarks]
	at := *slot - 1
	if at < 0 || m.list[at].source.Partition != o.Partition || m.list[at].source.Topic != o.Topic {
		var known bool
		if at, known = m.index[Source{o.Topic, o.Partition}]; !known {
			*slot = m.add(o) + 1
			return true
		}
		*slot = at + 1
	}
	k := &m.list[at]
	if o.Offset < k.offset || o.Offset == k.offset && o.Ordinal <= k.ordinal {
		return false
	}
	m.moves++
	k.offset, k.ordinal, k.moved = o.Offset, o.Ordinal, m.moves
	return true
}

// add remembers a source heard for the first time, in the place of another when there is no room.
func (m *Marks) add(o *event.Origin) int32 {
	m.moves++
	k := mark{Source{strings.Clone(o.Topic), o.Partition}, o.Offset, o.Ordinal, m.moves}
	if len(m.list) < m.limit {
		m.list = append(m.list, k)
		m.index[k.source] = int32(len(m.list) - 1)
		return int32(len(m.list) - 1)
	}
	oldest := 0
	for i := range m.list {
		if m.list[i].moved < m.list[oldest].moved {
			oldest = i
		}
	}
	m.evicted++
	delete(m.index, m.list[oldest].source)
	m.recent = [recentMarks]int32{}
	m.list[oldest] = k
	m.index[k.source] = int32(oldest)
	return int32(oldest)
}

// Len is the number of sources remembered.
func (m *Marks) Len() int { return len(m.list) }

// Evicted is how many sources were forgotten for want of room.
func (m *Marks) Evicted() uint64 { return m.evicted }

// appendTo writes the marks in the order of their sources.
func (m *Marks) appendTo(b []byte) []byte {
	order := slices.Clone(m.list)
	slices.SortFunc(order, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.source.Topic, b.source.Topic), cmp.Compare(a.source.Partition, b.source.Partition))
	})
	b = binary.LittleEndian.AppendUint64(b, m.moves)
	b = binary.LittleEndian.AppendUint64(b, m.evicted)
	b = binary.AppendUvarint(b, uint64(len(order)))
	for i := range order {
		k := &order[i]
		b = appendText(b, k.source.Topic)
		b = binary.LittleEndian.AppendUint32(b, uint32(k.source.Partition))
		b = binary.LittleEndian.AppendUint64(b, uint64(k.offset))
		b = binary.LittleEndian.AppendUint32(b, uint32(k.ordinal))
		b = binary.LittleEndian.AppendUint64(b, k.moved)
	}
	return b
}

func (m *Marks) readFrom(r *reader) {
	m.moves, m.evicted = r.u64(), r.u64()
	for range r.count() {
		k := mark{source: Source{r.text(), int32(r.u32())}, offset: int64(r.u64()), ordinal: int32(r.u32()), moved: r.u64()}
		if _, twice := m.index[k.source]; twice || k.moved > m.moves {
			r.short = true
		}
		if r.short {
			return
		}
		m.index[k.source] = int32(len(m.list))
		m.list = append(m.list, k)
	}
	m.shrink()
}

// shrink forgets the sources beyond a limit that has been lowered.
func (m *Marks) shrink() {
	if len(m.list) <= m.limit {
		return
	}
	slices.SortFunc(m.list, func(a, b mark) int { return cmp.Compare(b.moved, a.moved) })
	m.evicted += uint64(len(m.list) - m.limit)
	m.list = m.list[:m.limit]
	clear(m.index)
	for i := range m.list {
		m.index[m.list[i].source] = int32(i)
	}
}
