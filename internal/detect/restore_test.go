package detect

import (
	"encoding/binary"
	"testing"

	"github.com/zeebo/xxh3"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// seal replaces a snapshot's checksum by the right one, so that what follows it is looked at.
func seal(b []byte) []byte {
	if len(b) < sealSize {
		return b
	}
	body := b[:len(b)-sealSize]
	return binary.LittleEndian.AppendUint64(append([]byte{}, body...), xxh3.Hash(body))
}

func fuzzConfig() Config {
	cfg := smallConfig()
	cfg.MaxEntities, cfg.MaxStates = 24, 16
	return cfg
}

func TestRestoreRefuses(t *testing.T) {
	e := testEngine(t, fuzzConfig())
	fold(e, mixed(t, 1, 5, 50))
	whole, catalog := snapshot(t, e).first, firstStage()
	for name, b := range map[string][]byte{
		"empty": nil, "cut short": whole[:len(whole)-9], "a byte more": append(append([]byte{}, whole...), 0),
		"another format": append([]byte("XXXX"), whole[4:]...),
	} {
		if _, _, err := Restore(fuzzConfig(), catalog, b); err == nil {
			t.Errorf("%s: restored", name)
		}
	}
	for i := range whole {
		b := append([]byte{}, whole...)
		b[i] ^= 0x40
		if _, _, err := Restore(fuzzConfig(), catalog, b); err == nil {
			t.Fatalf("restored with a bit turned at %d", i)
		}
		if i > 2000 {
			break
		}
	}
	other := fuzzConfig()
	other.Seed++
	if _, _, err := Restore(other, catalog, whole); err == nil {
		t.Error("restored under another hash key")
	}
}

func firstStage() []Definition {
	events, _ := Split(Catalog())
	return events
}

// FuzzRestore writes over parts of a snapshot and gives it a right checksum: it must be refused, or give an engine that
// works.
func FuzzRestore(f *testing.F) {
	events := mixed(f, 1, 5, 50)
	whole := testEngine(f, fuzzConfig())
	for i := range events {
		whole.Step(&events[i], func(*finding.Finding) {})
	}
	saved := snapshot(f, whole).first
	f.Add(uint32(0), []byte{}, uint32(0))
	f.Add(uint32(40), []byte{0xff, 0xff, 0xff, 0xff, 0x0f}, uint32(0))
	f.Add(uint32(len(saved)/2), []byte{0}, uint32(len(saved)/3))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, cut uint32) {
		b := append([]byte{}, saved[:len(saved)-int(cut)%len(saved)]...)
		if len(b) > 0 {
			copy(b[int(at)%len(b):], patch)
		}
		r, err := open(fuzzConfig(), seal(b))
		if err != nil {
			return
		}
		e, err := newEngine(fuzzConfig(), firstStage(), whole.first.facts)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.readFrom(r); err != nil {
			return
		}
		for i := range events[:100] {
			e.Step(&events[i], func(*finding.Finding) {})
		}
		ev := event.Event{Method: "GET", Path: "/"}
		e.Step(&ev, func(*finding.Finding) {})
		e.Flush(func(*finding.Finding) {})
		if _, err := e.Snapshot(nil); err != nil {
			t.Errorf("saving what was restored: %v", err)
		}
	})
}
