package detect

import (
	"unsafe"

	"gatewatch/internal/event"
)

// maxColumns is the most detectors that one catalog may hold: each record has a place for each one's state.
const maxColumns = 16

// record is what the engine knows of one entity: no pointers, so that the collector never looks at it, and no more than a
// line of the processor's cache, which is asked for ahead.
type record struct {
	Key    event.Key
	Asked  hourly
	Minute uint32 // minute of event time that Count belongs to
	Count  uint32 // requests in that minute
	// Misses is how many requests got no page lately, saturating: who misses little may vouch for a broken link.
	Misses uint16
	Pins   uint16 // open episodes: a pinned record is not evicted
	// Chances is how many more times the eviction hand passes the record by: 1 for a touch, 2 with detector state, so that
	// a flood of new keys pushes out quiet entities before suspicious ones.
	Chances uint8
	Used    bool
	// Failed and Passed are how often the network failed to log in and got in, saturating.
	Failed, Passed uint8
	Held           columns // the detectors that have a state of it
	_              [2]byte
	Slots          [inline]uint32 // these states' numbers + 1, in the order of the catalog; see table.slot
	More           uint32         // where those beyond are, plus 1; 0 when there are none
}

// table holds the entities of one kind: an open-addressing index over a slab of records, bounded, with a deterministic
// second-chance eviction (CLOCK; Corbató, "A paging experiment with the Multics system", 1968). One goroutine owns it.
type table struct {
	index   []slot
	mask    uint64
	seed    uint64
	recs    [][]record // chunks, so that growth copies nothing
	used    int        // records in use
	limit   int
	hand    uint32
	release func(t *table, r *record) // gives the states of an evicted record back
	evicted uint64
	more    []overflow
	unused  []uint32 // places of more
}

// slot is one place of the index: the record's number + 1 in the lower bits, 0 when free, and above it part of the hash,
// to skip most records that are not it. Four bytes, so that the index of a quarter of a million entities stays in the
// processor's second cache.
type slot uint32

const (
	refBits = 24
	refMask = 1<<refBits - 1
	// maxRecords is how many records a slot can tell apart.
	maxRecords = refMask - 1
)

func newSlot(h uint64, ref uint32) slot { return slot(tagOf(h)<<refBits | (ref + 1)) }

func tagOf(h uint64) uint32       { return uint32(h >> (64 - (32 - refBits))) }
func (s slot) ref() uint32        { return uint32(s)&refMask - 1 }
func (s slot) is(tag uint32) bool { return uint32(s)>>refBits == tag }

const chunk = 1 << 10

func newTable(limit int, seed uint64, release func(*table, *record)) *table {
	t := &table{limit: min(max(limit, 1), maxRecords), seed: seed, release: release}
	t.rehash(1 << 10)
	return t
}

func (t *table) at(i uint32) *record { return &t.recs[i/chunk][i%chunk] }

// hash mixes a key's bits, because addresses are their own keys (Stafford's variant 13 of the MurmurHash3 finaliser).
func hash(k event.Key) uint64 {
	h := k.Lo ^ k.Hi*0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// hash is that of a key in this table. The seed keeps clients from choosing addresses that crowd one place of the index.
func (t *table) hash(k event.Key) uint64 { return hash(event.Key{Hi: k.Hi, Lo: k.Lo ^ t.seed}) }

// fetchIndex and fetchRecord ask for the memory that seek will need for a hash, without waiting: the index first, and when
// it has come, the record. A miss costs as much as a hundred nanoseconds of work, which is there to be done meanwhile.
func (t *table) fetchIndex(h uint64) { prefetch(unsafe.Pointer(&t.index[h&t.mask])) }

func (t *table) fetchRecord(h uint64) {
	if s := t.index[h&t.mask]; s != 0 {
		r := t.at(s.ref())
		prefetch(unsafe.Pointer(r))
	}
}

// find returns the record of a key if there is one.
func (t *table) find(k event.Key) (ref uint32, ok bool) { return t.seek(k, t.hash(k)) }

func (t *table) seek(k event.Key, h uint64) (ref uint32, ok bool) {
	tag := tagOf(h)
	for i := h & t.mask; ; i = (i + 1) & t.mask {
		s := t.index[i]
		if s == 0 {
			return 0, false
		}
		if s.is(tag) && t.at(s.ref()).Key == k {
			return s.ref(), true
		}
	}
}

// get returns the record of a key and whether it is new; it may evict another.
func (t *table) get(k event.Key) (ref uint32, fresh bool) {
	h := t.hash(k)
	if ref, ok := t.seek(k, h); ok {
		return ref, false
	}
	return t.add(k, h), true
}

func (t *table) add(k event.Key, h uint64) uint32 {
	var ref uint32
	if t.used >= t.limit {
		ref = t.evict()
	} else {
		ref = uint32(t.used)
		if int(ref/chunk) == len(t.recs) {
			t.recs = append(t.recs, make([]record, chunk))
		}
		t.used++
	}
	if uint64(t.used)*4 > uint64(len(t.index))*3 {
		t.rehash(len(t.index) * 2)
	}
	*t.at(ref) = record{Key: k, Used: true}
	t.link(h, ref)
	return ref
}

func (t *table) link(h uint64, ref uint32) {
	i := h & t.mask
	for t.index[i] != 0 {
		i = (i + 1) & t.mask
	}
	t.index[i] = newSlot(h, ref)
}

func (t *table) rehash(n int) {
	t.index, t.mask = make([]slot, n), uint64(n-1)
	for i := range uint32(t.used) {
		if r := t.at(i); r.Used {
			t.link(t.hash(r.Key), i)
		}
	}
}

// evict frees the record under the hand that has no chance left. Episodes are fewer than records, so one is found.
func (t *table) evict() uint32 {
	for {
		ref := t.hand
		if t.hand++; int(t.hand) >= t.used {
			t.hand = 0
		}
		r := t.at(ref)
		switch {
		case r.Pins > 0:
		case r.Chances > 0:
			r.Chances--
		default:
			t.release(t, r)
			t.unlink(r.Key)
			if r.More != 0 {
				t.unused = append(t.unused, r.More-1)
			}
			t.evicted++
			return ref
		}
	}
}

// unlink removes a key from the index and closes the gap behind it (Knuth, TAOCP vol. 3, 6.4, algorithm R).
func (t *table) unlink(k event.Key) {
	i := t.hash(k) & t.mask
	for t.index[i] == 0 || t.at(t.index[i].ref()).Key != k {
		i = (i + 1) & t.mask
	}
	for j := (i + 1) & t.mask; t.index[j] != 0; j = (j + 1) & t.mask {
		home := t.hash(t.at(t.index[j].ref()).Key) & t.mask
		if (j-home)&t.mask >= (j-i)&t.mask {
			t.index[i], i = t.index[j], j
		}
	}
	t.index[i] = 0
}
