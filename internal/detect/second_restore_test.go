package detect

import (
	"testing"

	"gatewatch/internal/event"
	"gatewatch/internal/facet"
	"gatewatch/internal/finding"
)

// FuzzRestoreSecond does to an engine of the second stage what FuzzRestore does to one of the first.
func FuzzRestoreSecond(f *testing.F) {
	var facets []facet.Facet
	whole := testEngine(f, fuzzConfig())
	for _, ev := range mixed(f, 1, 40, 200) {
		whole.Step(&ev, func(*finding.Finding) {})
		whole.first.Facets(func(x *facet.Facet) {
			kept := *x
			kept.Event = x.Event.Clone(0)
			facets = append(facets, kept)
		})
	}
	saved := snapshot(f, whole).second
	f.Add(uint32(0), []byte{}, uint32(0))
	f.Add(uint32(len(saved)/2), []byte{0xff, 0xff, 0xff, 0xff}, uint32(0))
	f.Add(uint32(len(saved)/3), []byte{0}, uint32(len(saved)/3))
	_, catalog := Split(Catalog())
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, cut uint32) {
		b := append([]byte{}, saved[:len(saved)-int(cut)%len(saved)]...)
		if len(b) > 0 {
			copy(b[int(at)%len(b):], patch)
		}
		r, err := open(fuzzConfig(), seal(b))
		if err != nil {
			return
		}
		e, err := newEngine(fuzzConfig(), catalog, whole.first.facts)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.readFrom(r); err != nil {
			return
		}
		for i := range facets[:min(100, len(facets))] {
			e.Fold(&facets[i], func(*finding.Finding) {})
		}
		e.Fold(&facet.Facet{Kind: event.KindEndpoint}, func(*finding.Finding) {})
		e.Fold(&facet.Facet{Kind: 200}, func(*finding.Finding) {})
		e.Flush(func(*finding.Finding) {})
		if _, err := e.Snapshot(nil); err != nil {
			t.Errorf("saving what was restored: %v", err)
		}
	})
}
