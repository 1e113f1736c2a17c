package alert

import (
	"cmp"
	"math"
	"time"

	"gatewatch/internal/finding"
)

// member is what a group remembers of one finding: its newest revision.
type member struct {
	Finding
	Attack []string `json:"attack"`
	OWASP  []string `json:"owasp"`
	OAT    []string `json:"oat"`
}

func newMember(f *finding.Finding) member {
	m := member{
		Finding: Finding{
			ID: f.ID, Revision: f.Revision, Open: f.Activity != finding.Close, Detector: Clean(f.Detector, maxText),
			Severity: f.Severity, Score: finite(f.Score), Confidence: finite(f.Confidence), Title: Clean(f.Title, maxText),
			Description: Clean(f.Description, 2*maxText), Service: Clean(f.Service, maxText),
			FirstSeen: time.Unix(0, f.FirstSeen).UTC(), LastSeen: time.Unix(0, f.LastSeen).UTC(), Count: f.Count,
			Evidence: make([]Number, 0, len(f.Evidence)),
		},
		Attack: cleanIDs(f.Attack), OWASP: cleanIDs(f.OWASP), OAT: cleanIDs(f.OAT),
	}
	for _, n := range f.Evidence[:min(len(f.Evidence), maxIDs)] {
		m.Evidence = append(m.Evidence, Number{Name: Clean(n.Name, maxAgent), Value: finite(n.Value)})
	}
	return m
}

// finite keeps what JSON has no words for out of a state that is saved as JSON.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

func cleanIDs(ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids[:min(len(ids), maxIDs)] {
		out = append(out, Clean(id, maxAgent))
	}
	return out
}

// worse orders members for people: open ones first, then the worst.
func worse(a, b *member) int {
	switch {
	case a.Open && !b.Open:
		return -1
	case !a.Open && b.Open:
		return 1
	}
	return cmp.Or(
		cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Score, a.Score), cmp.Compare(b.Count, a.Count),
		a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.ID, b.ID),
	)
}
