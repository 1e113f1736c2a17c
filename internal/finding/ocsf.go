package finding

import (
	"encoding/json"
	"math"

	"gatewatch/internal/event"
)

// ocsfVersion is the release of the OCSF schema that OCSF writes.
const ocsfVersion = "1.8.0"

// Product names the program that made a finding, in its OCSF form.
type Product struct{ Name, Vendor, Version string }

// The identifiers of OCSF's class Detection Finding in category Findings.
const (
	ocsfCategory = 2
	ocsfClass    = 2004
)

// OCSF writes the finding as one OCSF Detection Finding (class 2004), JSON. Equal findings give equal bytes.
func (f *Finding) OCSF(p Product) ([]byte, error) { return json.Marshal(f.ocsf(p)) }

func (f *Finding) ocsf(p Product) ocsfFinding {
	return ocsfFinding{
		ActivityID: int(f.Activity), ActivityName: ocsfActivity[f.Activity], CategoryUID: ocsfCategory, CategoryName: "Findings",
		ClassUID: ocsfClass, ClassName: "Detection Finding",
		TypeUID: ocsfClass*100 + int(f.Activity), TypeName: "Detection Finding: " + ocsfActivity[f.Activity],
		SeverityID: int(f.Severity), Severity: ocsfSeverity[f.Severity], Time: millis(f.LastSeen),
		StartTime: millis(f.FirstSeen), EndTime: millis(f.LastSeen), Count: f.Count,
		Metadata: ocsfMetadata{
			Version: ocsfVersion,
			UID:     f.ID,
			Product: ocsfProduct{Name: p.Name, VendorName: p.Vendor, Version: p.Version},
		},
		Message: f.Title, StatusID: 1, Status: "New", IsAlert: f.Severity >= Medium,
		ConfidenceID: confidenceID(f.Confidence), ConfidenceScore: int(math.Round(f.Confidence * 100)),
		RiskScore:   int(math.Round(f.Score)),
		FindingInfo: f.ocsfInfo(),
		Evidences:   f.ocsfEvidences(),
		Observables: f.ocsfObservables(),
		Anomalies:   f.ocsfAnomalies(),
	}
}

var ocsfActivity = [activities]string{"Unknown", "Create", "Update", "Close"}

var ocsfSeverity = [severities]string{"Unknown", "Informational", "Low", "Medium", "High", "Critical"}

// millis is a time as OCSF's timestamp_t: milliseconds since the Unix epoch.
func millis(ns int64) int64 {
	const perMilli = 1_000_000
	ms := ns / perMilli
	if ns%perMilli < 0 {
		ms--
	}
	return ms
}

// confidenceID puts a confidence into OCSF's three classes.
func confidenceID(c float64) int {
	switch {
	case c >= 0.8:
		return 3
	case c >= 0.5:
		return 2
	default:
		return 1
	}
}

func (f *Finding) ocsfInfo() ocsfInfo {
	info := ocsfInfo{
		UID: f.ID, Title: f.Title, Desc: f.Description,
		Analytic: ocsfAnalytic{TypeID: 2, Type: "Behavioral", Name: f.Detector, UID: f.Detector},
		Attacks:  ocsfAttacks(f.Attack), FirstSeen: millis(f.FirstSeen), LastSeen: millis(f.LastSeen), Created: millis(f.LastSeen),
		Types: []string{f.Detector},
	}
	if f.Baseline != nil {
		info.Analytic.TypeID, info.Analytic.Type = 3, "Statistical"
	}
	for _, t := range []struct {
		name   string
		values []string
	}{{"owasp_api", f.OWASP}, {"owasp_oat", f.OAT}} {
		if len(t.values) > 0 {
			info.Tags = append(info.Tags, ocsfTag{Name: t.name, Values: t.values})
		}
	}
	return info
}

// ocsfEvidences puts the numbers first, and then one artifact for each sample.
func (f *Finding) ocsfEvidences() []ocsfEvidence {
	out := make([]ocsfEvidence, 0, len(f.Samples)+1)
	if len(f.Evidence) > 0 {
		out = append(out, ocsfEvidence{Name: "numbers", Data: numbers(f.Evidence)})
	}
	for i := range f.Samples {
		out = append(out, sampleEvidence(&f.Samples[i]))
	}
	return out
}

func (f *Finding) ocsfObservables() []ocsfObservable {
	entities := append([]event.Entity{f.Entity}, f.Related...)
	out := make([]ocsfObservable, 0, len(entities))
	for _, e := range entities {
		id, name := observableType(e)
		out = append(out, ocsfObservable{Name: e.Kind.String(), TypeID: id, Type: name, Value: e.Value})
	}
	return out
}

// ocsfAnomalies says what was unusual: OCSF's own place for a baseline and what deviates from it.
func (f *Finding) ocsfAnomalies() []ocsfAnomaly {
	b := f.Baseline
	if b == nil {
		return nil
	}
	decimal := func(v float64) string {
		s, _ := json.Marshal(v) // a float64 of the evidence is finite
		return string(s)
	}
	return []ocsfAnomaly{{
		Targets: []ocsfTarget{{Name: f.Entity.Value, Type: f.Entity.Kind.String()}},
		Anomalies: []ocsfPattern{{
			Parameter: f.Detector, Type: "count",
			Observations: []ocsfObservation{{Value: decimal(b.Observed), Count: f.Count}},
			Pattern:      "surprise " + decimal(b.Surprise),
		}},
		Baselines: []ocsfPattern{{
			Parameter: f.Detector, Type: "count",
			Observations: []ocsfObservation{{Value: decimal(b.Expected)}},
			Pattern:      "normal from " + decimal(b.Low) + " to " + decimal(b.High),
		}},
	}}
}
