// Package finding holds what a detector found out about an entity, the form in which other programs read it
// (schemas/finding/v1), and the mappings to ATT&CK, OWASP and OCSF. It decides nothing and stores nothing.
package finding

import (
	"gatewatch/internal/event"
)

// Finding is one revision of one episode: a detector's statement about one entity over a stretch of time. Findings with
// the same ID are the same episode; the highest Revision is its newest state.
type Finding struct {
	ID          string // deterministic: a replay of the same input gives the same ids
	Revision    int    // 1, 2, …
	Activity    Activity
	Detector    string
	Severity    Severity
	Score       float64 // 0–100, comparable between detectors
	Confidence  float64 // 0–1, that the detector's statement is true
	Entity      event.Entity
	Related     []event.Entity
	Service     string
	Title       string
	Description string
	FirstSeen   int64 // nanoseconds since the Unix epoch
	LastSeen    int64
	Count       int64 // events that are evidence
	Evidence    []Number
	Baseline    *Baseline
	Samples     []event.Event // up to MaxSamples
	Attack      []string      // ATT&CK technique ids
	OWASP       []string      // OWASP API Security Top 10 ids
	OAT         []string      // OWASP Automated Threat ids
}

// MaxSamples is the most events a finding carries.
const MaxSamples = 5

// Number is one named number of the evidence.
type Number struct {
	Name  string
	Value float64
}

// Baseline compares what was observed with what is normal.
type Baseline struct {
	Observed float64
	Expected float64
	Low      float64 // interval of normal values
	High     float64
	Surprise float64 // −log10 of the probability of a value at least as extreme
}
