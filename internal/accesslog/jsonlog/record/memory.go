package record

import "gatewatch/internal/accesslog/jsonlog/jsonwalk"

// maxShapes is how many shapes a parser remembers. Writers that leave out absent fields, or list headers, make a few
// shapes each; more than these and the walk reads the rest.
const maxShapes = 8

// memory is the shapes of a source's recent records.
type memory struct {
	shapes [maxShapes]*shape
	last   *shape
	spare  *shape // the one being learned: a record that turns out malformed must not cost a good shape
	clock  uint64
}

// match reads a record by the shape it has; nil when none fits. It begins with the last record's shape and changes to
// another one where the record departs from it and the two have agreed so far: nothing is read twice.
func (m *memory) match(b []byte, spans []jsonwalk.Span) *shape {
	s := m.last
	if s == nil {
		return nil
	}
	at := place{}
	// Two shapes that go the same way up to a value that fits neither could hand the record to each other for ever.
	for range maxShapes {
		at = s.run(b, spans, at)
		if at.step == len(s.steps) {
			m.use(s)
			return s
		}
		if s = m.sibling(s, b, at); s == nil {
			return nil
		}
	}
	return nil
}

func (m *memory) sibling(s *shape, b []byte, at place) *shape {
	for _, o := range m.shapes {
		if o == nil || o == s || !s.prefix(o, at.step) {
			continue
		}
		if o.at(&o.steps[at.step], b, at.i) {
			return o
		}
	}
	return nil
}

func (m *memory) use(s *shape) {
	m.clock++
	s.used, m.last = m.clock, s
}

// blank gives an empty shape to learn.
func (m *memory) blank() *shape {
	if m.spare == nil {
		m.spare = &shape{}
	}
	m.spare.reset()
	return m.spare
}

// remember puts the shape that was learned in the place of the one that has not served for the longest time.
func (m *memory) remember() {
	s := m.spare
	oldest := 0
	for i, o := range m.shapes {
		if o == nil {
			oldest = i
			break
		}
		if o.used < m.shapes[oldest].used {
			oldest = i
		}
	}
	m.spare, m.shapes[oldest] = m.shapes[oldest], s
	m.use(s)
}
