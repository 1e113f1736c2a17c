package alert_test

import (
	"fmt"
	"testing"

	"gatewatch/internal/alert"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

func full(cfg alert.Config) *alert.Book {
	b := alert.New(cfg)
	for i := range cfg.MaxGroups {
		b.Apply(attack(i), start)
	}
	return b
}

func attack(i int) *finding.Finding {
	return &finding.Finding{
		ID: fmt.Sprintf("%032x", i), Revision: 1, Activity: finding.Create, Severity: finding.High, Detector: "path_scan",
		Entity: event.Entity{Kind: event.KindNetwork, Value: fmt.Sprint("192.0.2.", i)}, Title: "Path scan", Count: 3,
		Evidence: []finding.Number{{Name: "paths", Value: 40}}, Samples: make([]event.Event, 3),
	}
}

// BenchmarkApplyToFullBook is an attack from everywhere: each finding opens an incident and another one has to go.
func BenchmarkApplyToFullBook(b *testing.B) {
	book := full(alert.DefaultConfig())
	for i := 0; b.Loop(); i++ {
		book.Apply(attack(1_000_000+i), start)
	}
}

// BenchmarkSnapshot saves as many incidents as are ever remembered.
func BenchmarkSnapshot(b *testing.B) {
	book := full(alert.DefaultConfig())
	for b.Loop() {
		data, err := book.MarshalBinary()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(data)), "bytes")
	}
}
