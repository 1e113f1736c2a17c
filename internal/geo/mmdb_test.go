package geo

import (
	"encoding/binary"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mmdb writes a MaxMind database, by the format's specification (version 2.0): a tree of 32-bit records over IPv6, with
// IPv4 at ::/96, then the data, then the metadata.
type mmdb struct {
	kind  string
	nodes [][2]uint32 // 0: nothing; leaf|n: data n; else node n
	data  []byte
}

const leaf = 1 << 31

func newMMDB(kind string) *mmdb { return &mmdb{kind: kind, nodes: make([][2]uint32, 1)} }

// add puts a record at a network.
func (m *mmdb) add(network string, record map[string]any) *mmdb {
	prefix := netip.MustParsePrefix(network)
	bits := prefix.Bits()
	addr := prefix.Addr().As16()
	if prefix.Addr().Is4() {
		a := prefix.Addr().As4()
		addr = [16]byte{}
		copy(addr[12:], a[:])
		bits += 96
	}
	at := uint32(len(m.data))
	m.data = appendValue(m.data, record)
	node := uint32(0)
	for i := range bits {
		side := addr[i/8] >> (7 - i%8) & 1
		if i == bits-1 {
			m.nodes[node][side] = leaf | at
			break
		}
		if m.nodes[node][side] == 0 {
			m.nodes = append(m.nodes, [2]uint32{})
			m.nodes[node][side] = uint32(len(m.nodes) - 1)
		}
		node = m.nodes[node][side]
	}
	return m
}

func (m *mmdb) bytes() []byte {
	var b []byte
	count := uint32(len(m.nodes))
	for _, n := range m.nodes {
		for _, r := range n {
			switch {
			case r == 0:
				r = count
			case r&leaf != 0:
				r = count + 16 + r&^leaf
			}
			b = binary.BigEndian.AppendUint32(b, r)
		}
	}
	b = append(append(b, make([]byte, 16)...), m.data...)
	b = append(b, "\xab\xcd\xefMaxMind.com"...)
	return appendValue(b, map[string]any{
		"binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0), "build_epoch": uint64(1790000000),
		"database_type": m.kind, "description": map[string]any{"en": "made for a test"}, "ip_version": uint16(6),
		"languages": []any{"en"}, "node_count": count, "record_size": uint16(32),
	})
}

// write puts the database in place of a file at once, as updaters do.
func (m *mmdb) write(t *testing.T, path string) {
	t.Helper()
	replace(t, path, m.bytes())
}

func replace(t *testing.T, path string, content []byte) {
	t.Helper()
	next := filepath.Join(filepath.Dir(path), "next")
	if err := os.WriteFile(next, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(appendControl(b, 2, len(v)), v...)
	case uint16:
		return binary.BigEndian.AppendUint16(appendControl(b, 5, 2), v)
	case uint32:
		return binary.BigEndian.AppendUint32(appendControl(b, 6, 4), v)
	case uint64:
		return binary.BigEndian.AppendUint64(appendControl(b, 9, 8), v)
	case float64:
		return binary.BigEndian.AppendUint64(appendControl(b, 3, 8), math.Float64bits(v))
	case []any:
		b = appendControl(b, 11, len(v))
		for _, e := range v {
			b = appendValue(b, e)
		}
		return b
	case map[string]any:
		b = appendControl(b, 7, len(v))
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, strings.Compare)
		for _, k := range keys {
			b = appendValue(appendValue(b, k), v[k])
		}
		return b
	default:
		panic("no such type in the format")
	}
}

// appendControl appends the type and size in front of a value; sizes below 285 are all that tests need.
func appendControl(b []byte, kind, size int) []byte {
	first, extended := kind<<5, kind > 7
	if extended {
		first = 0
	}
	if size < 29 {
		b = append(b, byte(first|size))
	} else {
		b = append(b, byte(first|29))
	}
	if extended {
		b = append(b, byte(kind-7))
	}
	if size >= 29 {
		b = append(b, byte(size-29))
	}
	return b
}
