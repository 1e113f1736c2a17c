package alert

import (
	"time"

	"gatewatch/internal/finding"
)

// Notification is what people are told about an incident. Its texts are cut to a sensible length and hold printable
// characters only; they are still an attacker's words, and whoever puts them into a markup escapes them. The JSON is the
// data of a webhook and is described in docs/reference/webhook.md.
type Notification struct {
	// ID is the same whenever the same is told again because of a crash.
	ID string `json:"id"`
	// Incident names the incident: one entity's doings of one family. It is the same when the incident opens again.
	Incident string `json:"incident"`
	// Sequence counts the incident's notifications from 1.
	Sequence int    `json:"sequence"`
	Status   Status `json:"status"`
	Reason   Reason `json:"reason"`
	// Severity is the highest of the incident so far.
	Severity finding.Severity `json:"severity"`
	Title    string           `json:"title"`
	Family   finding.Family   `json:"family"`
	Entity   Entity           `json:"entity"`
	Service  string           `json:"service"`
	// Time is when it was decided to tell.
	Time      time.Time `json:"time"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	// Count is how many events are evidence, in all findings.
	Count int64 `json:"count"`
	// Findings are the worst of the incident's findings, open ones first, and More is how many are not among them.
	Findings []Finding `json:"findings"`
	More     int       `json:"more"`
	Attack   []string  `json:"attack"`
	OWASP    []string  `json:"owasp"`
	OAT      []string  `json:"oat"`
	// Samples are some of the requests, one a line.
	Samples []string `json:"samples"`
}

// Entity is whom an incident is about.
type Entity struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Finding is what a notification says about one finding.
type Finding struct {
	ID          string           `json:"id"`
	Revision    int              `json:"revision"`
	Open        bool             `json:"open"`
	Detector    string           `json:"detector"`
	Severity    finding.Severity `json:"severity"`
	Score       float64          `json:"score"`
	Confidence  float64          `json:"confidence"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Service     string           `json:"service"`
	FirstSeen   time.Time        `json:"first_seen"`
	LastSeen    time.Time        `json:"last_seen"`
	Count       int64            `json:"count"`
	Evidence    []Number         `json:"evidence"`
}

// Number is one named number of the evidence.
type Number struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}
