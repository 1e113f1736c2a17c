package geo

import (
	"bytes"
	"context"
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"gatewatch/internal/event"
)

func country(code string) map[string]any {
	return map[string]any{
		"country":            map[string]any{"iso_code": code, "names": map[string]any{"en": "Somewhere"}},
		"registered_country": map[string]any{"iso_code": "XX"}, "location": map[string]any{"latitude": 1.5},
	}
}

func system(number uint32, org string) map[string]any {
	return map[string]any{"autonomous_system_number": number, "autonomous_system_organization": org}
}

func cities(code string) *mmdb {
	return newMMDB("GeoLite2-City").add("203.0.113.0/24", country(code)).add("2001:db8::/32", country("SE")).
		add("198.51.100.0/24", map[string]any{"continent": map[string]any{"code": "EU"}})
}

func networks() *mmdb {
	return newMMDB("GeoLite2-ASN").add("203.0.113.0/25", system(64496, "Example Net")).add("2001:db8::/48", system(64497, "Six"))
}

// files are a city and an ASN database in a directory of the test's own.
func files(t *testing.T) Config {
	t.Helper()
	dir := t.TempDir()
	cfg := Config{CityFile: filepath.Join(dir, "city.mmdb"), ASNFile: filepath.Join(dir, "asn.mmdb"), Interval: time.Millisecond}
	cities("DE").write(t, cfg.CityFile)
	networks().write(t, cfg.ASNFile)
	return cfg
}

func open(t *testing.T, cfg Config) *Databases {
	t.Helper()
	d, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEnrich(t *testing.T) {
	d := open(t, files(t))
	client := func(s string) event.Event { return event.Event{Client: netip.MustParseAddr(s)} }
	said := client("203.0.113.9")
	said.Country = "FR"
	said.SetASN(7)
	asn := client("203.0.113.9")
	asn.SetASN(7)
	tests := []struct {
		name string
		in   event.Event
		want event.Event
	}{
		{"both", client("203.0.113.9"), event.Event{Country: "DE", ASN: 64496, Present: event.FieldASN, ASOrg: "Example Net"}},
		{"mapped", client("::ffff:203.0.113.9"), event.Event{Country: "DE", ASN: 64496, Present: event.FieldASN, ASOrg: "Example Net"}},
		{"zone", client("2001:db8::1%eth0"), event.Event{Country: "SE", ASN: 64497, Present: event.FieldASN, ASOrg: "Six"}},
		{"country alone", client("203.0.113.200"), event.Event{Country: "DE"}},
		{"known, without country", client("198.51.100.1"), event.Event{}},
		{"unknown", client("192.0.2.1"), event.Event{}},
		{"no address", event.Event{ClientHost: "a.test"}, event.Event{ClientHost: "a.test"}},
		{"the log said both", said, event.Event{Country: "FR", ASN: 7, Present: event.FieldASN}},
		{"the log said another system", asn, event.Event{Country: "DE", ASN: 7, Present: event.FieldASN}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // the second time from what is remembered
				e := tt.in
				d.Enrich(&e)
				if diff := cmp.Diff(tt.want, e, cmpopts.IgnoreFields(event.Event{}, "Client", "Peer")); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	cfg := files(t)
	whole := cities("DE").bytes()
	broken := bytes.Clone(whole)
	// The data section begins behind the tree and 16 zero bytes; a pointer to nowhere takes the place of its first value.
	data := len(cities("DE").nodes)*8 + 16
	copy(broken[data:], []byte{0x38, 0xff, 0xff, 0xff, 0xff})
	tests := []struct {
		name    string
		content []byte
		want    string
	}{
		{"not there", nil, "no such file"},
		{"empty", []byte{}, "not a MaxMind database, or cut short"},
		{"text", []byte("network,country\n"), "not a MaxMind database"},
		{"cut short", whole[:len(whole)/2], "or cut short"},
		{"damaged", broken, "damaged"},
		{"another kind", networks().bytes(), `a "GeoLite2-ASN" database tells no country`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.mmdb")
			if tt.content != nil {
				replace(t, path, tt.content)
			}
			_, err := Open(Config{CityFile: path, ASNFile: cfg.ASNFile})
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want %q and the path", err, tt.want)
			}
		})
	}
	if _, err := Open(Config{ASNFile: cfg.CityFile}); err == nil || !strings.Contains(err.Error(), "tells no autonomous system") {
		t.Errorf("cities for systems: %v", err)
	}
}

// TestReplaced replaces a file by a good one, a bad one, nothing, and a good one again, under load.
func TestReplaced(t *testing.T) {
	cfg := files(t)
	registry := prometheus.NewRegistry()
	cfg.Metrics = registry
	d := open(t, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := d.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	wg.Go(func() {
		for n := uint32(0); ctx.Err() == nil; n++ {
			b := binary.BigEndian.AppendUint32(nil, n)
			a, _ := netip.AddrFromSlice([]byte{203, 0, 113, b[3]})
			e := event.Event{Client: a}
			if d.Enrich(&e); e.Country == "" {
				t.Errorf("%v has no country", a)
				return
			}
		}
	})
	wait := func(what string, ok func() bool) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal(what)
			}
		}
	}
	is := func(code string) func() bool {
		return func() bool {
			e := event.Event{Client: netip.MustParseAddr("203.0.113.9")}
			d.Enrich(&e)
			return e.Country == code
		}
	}
	failures := func(n float64) func() bool {
		return func() bool { return testutil.ToFloat64(d.metrics.reads.WithLabelValues("city", "failed")) == n }
	}
	cities("AT").write(t, cfg.CityFile)
	wait("the new file is not read", is("AT"))
	replace(t, cfg.CityFile, []byte("rubbish"))
	wait("the damaged file is not counted", failures(1))
	if !is("AT")() {
		t.Error("the damaged file put the old one out of use")
	}
	if err := os.Remove(cfg.CityFile); err != nil {
		t.Fatal(err)
	}
	wait("the lost file is not counted", failures(2))
	cities("CH").write(t, cfg.CityFile)
	wait("the file is not read after it was away", is("CH"))
	if !failures(2)() {
		t.Error("one fault is counted again and again")
	}
	cancel()
	wg.Wait()
}

func BenchmarkEnrich(b *testing.B) {
	cfg := Config{CityFile: filepath.Join(b.TempDir(), "city.mmdb"), ASNFile: filepath.Join(b.TempDir(), "asn.mmdb")}
	if err := os.WriteFile(cfg.CityFile, cities("DE").bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(cfg.ASNFile, networks().bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	d, err := Open(cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("remembered", func(b *testing.B) {
		e := event.Event{Client: netip.MustParseAddr("203.0.113.9")}
		for b.Loop() {
			e.Country, e.Present = "", 0
			d.Enrich(&e)
		}
	})
	b.Run("looked up", func(b *testing.B) {
		s := d.current.Load()
		addr := netip.MustParseAddr("203.0.113.9")
		b.ReportAllocs()
		for b.Loop() {
			s.look(addr, d.metrics)
		}
	})
}
