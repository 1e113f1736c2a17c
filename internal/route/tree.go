package route

import (
	"slices"

	"github.com/zeebo/xxh3"
)

const (
	none = int32(-1)
	// A child keeps its own name when its siblings collapse if it was asked this many times, and this many times as often
	// as the median sibling.
	popular = 8
	// Bounds the file extensions told apart at one place.
	maxExts = 16
	// How many siblings with the same children are one parameter's values.
	alike = 3
	// Keeps the counters from running away from newcomers.
	maxHits = 1 << 20
)

// otherSegment stands for a literal that is not known to exist; it names no object.
const otherSegment = "{other}"

// node is one known segment below its parent.
type node struct {
	template  string // of the whole path down to here
	tails     *tails
	name      uint64 // seeded hash of the segment
	parent    int32
	child     int32 // first child, none without
	sibling   int32
	hits      uint32
	literals  uint16 // children with a name of their own
	exts      uint8  // typed children with a file extension
	kind      ObjectKind
	named     bool // the segment is a literal
	collapsed bool // new literals below are {slug}
	live      bool
}

// tails are the templates of what is not known below a node, made when first needed: nothing that only fails is learned,
// and yet its template is the same string each time and costs nothing.
type tails struct {
	unknown [objectKinds][2]string // by kind, last or followed by more
	more    string
}

// tree is the known routes. Nodes are found by a hash of parent and name.
type tree struct {
	index map[uint64]int32
	nodes []node
	free  []int32
	seed  uint64
	limit int
}

func newTree(seed uint64, limit int) tree {
	t := tree{index: make(map[uint64]int32), seed: seed, limit: limit}
	t.nodes = append(t.nodes, node{parent: none, child: none, sibling: none, live: true})
	return t
}

func (t *tree) name(s string) uint64 { return xxh3.HashStringSeed(s, t.seed) }

// typed is the name of the child for ids of one kind, with a file extension or without.
func (t *tree) typed(k ObjectKind, ext string) uint64 {
	if ext == "" {
		return uint64(k)
	}
	return xxh3.HashStringSeed(ext, t.seed+uint64(k))
}

func (t *tree) key(parent int32, name uint64) uint64 {
	h := name ^ (uint64(parent)+1)*0x9e3779b97f4a7c15
	h ^= h >> 32
	return h * 0xd6e8feb86659fd93
}

func (t *tree) find(parent int32, name uint64) int32 {
	if i, ok := t.index[t.key(parent, name)]; ok {
		return i
	}
	return none
}

// add makes a child; none when the tree is full.
func (t *tree) add(parent int32, name uint64, text string, kind ObjectKind) int32 {
	var i int32
	switch {
	case len(t.free) > 0:
		i = t.free[len(t.free)-1]
		t.free = t.free[:len(t.free)-1]
	case len(t.nodes) <= t.limit:
		i = int32(len(t.nodes))
		t.nodes = append(t.nodes, node{})
	default:
		return none
	}
	p := &t.nodes[parent]
	t.nodes[i] = node{
		template: p.template + "/" + text, name: name, parent: parent, child: none, sibling: p.child,
		kind: kind, named: kind == ObjectNone, live: true,
	}
	p.child = i
	if kind == ObjectNone {
		p.literals++
	}
	t.index[t.key(parent, name)] = i
	return i
}

// full tells that add would refuse.
func (t *tree) full() bool { return len(t.free) == 0 && len(t.nodes) > t.limit }

// remove forgets a node and all below it. The depth is at most maxSegments.
func (t *tree) remove(i int32) {
	for t.nodes[i].child != none {
		t.remove(t.nodes[i].child)
	}
	n := &t.nodes[i]
	p := &t.nodes[n.parent]
	for at := &p.child; ; at = &t.nodes[*at].sibling {
		if *at == i {
			*at = n.sibling
			break
		}
	}
	switch {
	case n.named:
		p.literals--
	case n.name >= uint64(objectKinds):
		p.exts--
	}
	delete(t.index, t.key(n.parent, n.name))
	t.nodes[i] = node{}
	t.free = append(t.free, i)
}

// collapse makes {slug} of the named children of i that look like values of a parameter: those seldom asked and without
// children, and those whose children are the same as their siblings'. The rest keep their names, so that a site that
// answers 200 to anything cannot be made to forget its real routes by asking it for fifty others.
func (t *tree) collapse(i int32) {
	t.nodes[i].collapsed = true
	var named []int32
	var hits []uint32
	shapes := map[uint64]int{}
	for c := t.nodes[i].child; c != none; c = t.nodes[c].sibling {
		if !t.nodes[c].named {
			continue
		}
		named = append(named, c)
		hits = append(hits, t.nodes[c].hits)
		shapes[t.shape(c)]++
	}
	slices.Sort(hits)
	enough := max(popular, popular*hits[len(hits)/2])
	for _, c := range named {
		shape := t.shape(c)
		distinct := shape != 0 && shapes[shape] < alike
		if t.nodes[c].hits < enough && !distinct {
			t.remove(c)
		}
	}
}

// shape hashes the names of a node's children, whatever their order; 0 without any.
func (t *tree) shape(i int32) uint64 {
	var sum uint64
	for c := t.nodes[i].child; c != none; c = t.nodes[c].sibling {
		sum += t.key(0, t.nodes[c].name) | 1
	}
	return sum
}

// prune halves every count and forgets the ends of the tree that nobody asked for since the last time, so that junk that
// was learned once does not keep new routes out for ever.
func (t *tree) prune() {
	for i := int32(len(t.nodes)) - 1; i > 0; i-- {
		n := &t.nodes[i]
		if !n.live {
			continue
		}
		n.hits /= 2
		if n.hits == 0 && n.child == none {
			t.remove(i)
		}
	}
}

func (t *tree) hit(i int32) {
	if n := &t.nodes[i]; n.hits < maxHits {
		n.hits++
	}
}

// below is the template of something not known below i: of a kind, or {other}.
func (t *tree) below(i int32, k ObjectKind, more bool) string {
	s := &t.tailsOf(i).unknown[k][b2i(more)]
	if *s == "" {
		name := otherSegment
		if k != ObjectNone {
			name = "{" + k.String() + "}"
		}
		*s = t.nodes[i].template + "/" + name
		if more {
			*s += "/…"
		}
	}
	return *s
}

// deeper is the template of a path that goes on below i beyond maxSegments.
func (t *tree) deeper(i int32) string {
	s := &t.tailsOf(i).more
	if *s == "" {
		*s = t.nodes[i].template + "/…"
	}
	return *s
}

func (t *tree) tailsOf(i int32) *tails {
	n := &t.nodes[i]
	if n.tails == nil {
		n.tails = &tails{}
	}
	return n.tails
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
