package geo

import (
	"encoding/binary"
	"net/netip"
	"sync/atomic"

	"github.com/oschwald/maxminddb-golang/v2"
)

// cacheBits is how many answers are remembered: 2 to that power.
const cacheBits = 14

// snapshot is the databases in use at a time, with the answers they gave last. It is never changed but for these, and an
// answer is never changed at all, so no lookup waits for another.
type snapshot struct {
	city, network *maxminddb.Reader
	answers       [1 << cacheBits]atomic.Pointer[answer]
}

// answer is what the databases say of an address.
type answer struct {
	addr    netip.Addr
	country string
	asn     uint32
	org     string
}

// find tells what is known of an address. An attack comes from few addresses and a busy client sends many requests, so
// most are among the answers given last.
func (s *snapshot) find(addr netip.Addr, m *metrics) *answer {
	addr = addr.Unmap().WithZone("")
	slot := &s.answers[slotOf(addr)]
	if a := slot.Load(); a != nil && a.addr == addr {
		return a
	}
	a := s.look(addr, m)
	slot.Store(a)
	return a
}

func (s *snapshot) look(addr netip.Addr, m *metrics) *answer {
	a := &answer{addr: addr}
	for _, db := range [...]struct {
		reader *maxminddb.Reader
		kind   kind
	}{{s.city, city}, {s.network, network}} {
		if db.reader == nil {
			continue
		}
		if err := a.decode(db.reader.Lookup(addr), db.kind); err != nil {
			m.fault(db.kind)
		}
	}
	return a
}

// decode adds what a database says. An address that it does not know is no error.
func (a *answer) decode(r maxminddb.Result, k kind) error {
	if err := r.Err(); err != nil {
		return err //nolint:wrapcheck // the file's name is not known here
	}
	if !r.Found() {
		return nil
	}
	if k == city {
		return r.DecodePath(&a.country, "country", "iso_code")
	}
	var as struct {
		Number uint32 `maxminddb:"autonomous_system_number"`
		Org    string `maxminddb:"autonomous_system_organization"`
	}
	if err := r.Decode(&as); err != nil {
		return err //nolint:wrapcheck // the file's name is not known here
	}
	a.asn, a.org = as.Number, as.Org
	return nil
}

// slotOf spreads addresses over the cache by the upper bits of a product with an odd number near 2^64 over the golden
// ratio (Knuth, The Art of Computer Programming, volume 3, 6.4).
func slotOf(addr netip.Addr) uint64 {
	const golden = 0x9E3779B97F4A7C15
	b := addr.As16()
	h := binary.LittleEndian.Uint64(b[:8])*golden ^ binary.LittleEndian.Uint64(b[8:])
	return h * golden >> (64 - cacheBits)
}
