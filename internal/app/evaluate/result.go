package evaluate

import (
	"time"

	"gatewatch/internal/app/evaluate/interval"
	"gatewatch/internal/finding"
	"gatewatch/internal/label"
)

// Result is what came of an evaluation, and the document that programs read.
type Result struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Days is To − From. Inferred tells that nobody said how long the traffic took, so that labels and findings had to.
	Days     float64 `json:"days"`
	Inferred bool    `json:"inferred"`
	// SlackSeconds is for how long after its end a campaign could be told of.
	SlackSeconds float64 `json:"slack_seconds"`
	// Attacks and Benign are how many campaigns there were of either sort.
	Attacks int     `json:"attacks"`
	Benign  int     `json:"benign"`
	Outside Outside `json:"outside"`

	All        Group   `json:"all"`
	Families   []Group `json:"families"`
	Techniques []Group `json:"techniques"`
	Detectors  []Group `json:"detectors"`
	// Alerts are false alerts by the least severity that counts.
	Alerts []Alerts `json:"false_alerts"`
	// Lookalikes are the benign campaigns by technique.
	Lookalikes []Lookalike `json:"benign_techniques"`

	ByDay []Day      `json:"by_day"`
	Curve []Point    `json:"curve"`
	Each  []Campaign `json:"campaigns"`
	// False are the findings that are about nobody who attacked, in the order in which they opened.
	False []FalseAlert `json:"false"`

	known []string // detectors that are told of even if they found nothing
}

// Outside is what was not looked at, for it was not in the span.
type Outside struct {
	Campaigns int `json:"campaigns"`
	Findings  int `json:"findings"`
}

// Group is how well one family, technique or detector did.
type Group struct {
	Name string `json:"name"`
	// Family is a technique's.
	Family string `json:"family,omitempty"`
	// Findings are those of the group's detectors, by verdict. A technique has true ones only: what tells of nothing tells of
	// no technique.
	Findings Tally `json:"findings"`
	// Precision is the share of attacks told of in these and the findings that are benign or false: one attack that made a
	// hundred findings counts once.
	Precision interval.Share `json:"precision"`
	// Recall is the share of attacks told of in those that the group could tell of.
	Recall interval.Share `json:"recall"`
	// Detection is how many seconds passed from an attack's first request to the first finding that told of it; of those
	// missed, without end.
	Detection interval.Spread `json:"detection_seconds"`
	// Alerts are the false alerts a day of medium severity or above, Any those of any severity; a technique has none.
	Alerts interval.Rate `json:"false_alerts"`
	Any    interval.Rate `json:"false_alerts_any"`
}

// Tally is findings by verdict.
type Tally struct {
	True   int `json:"true"`
	Aside  int `json:"aside"`
	Benign int `json:"benign"`
	False  int `json:"false"`
}

func (t *Tally) count(v Verdict) {
	switch v {
	case True:
		t.True++
	case Aside:
		t.Aside++
	case Benign:
		t.Benign++
	default:
		t.False++
	}
}

// precision leaves out what the labels cannot decide: a finding of another family about an attacker may well be so.
func (t Tally) precision(told int) interval.Share {
	return interval.ShareOf(told, told+t.Benign+t.False)
}

// Alerts are the false alerts a day of a severity or above.
type Alerts struct {
	Severity finding.Severity `json:"severity"`
	// Rate counts those about nobody of the labels and those about benign campaigns; Benign are the latter alone.
	Rate   interval.Rate `json:"rate"`
	Benign int           `json:"benign"`
}

// Day is the false alerts of one day, UTC, of any severity and of medium or above.
type Day struct {
	Date   string `json:"date"`
	All    int    `json:"all"`
	Medium int    `json:"medium"`
	Benign int    `json:"benign"` // of All, those about benign campaigns
}

// Point is what were found and how much noise there were if findings had to have a score.
type Point struct {
	Score  float64        `json:"score"` // at least
	Recall interval.Share `json:"recall"`
	Alerts interval.Rate  `json:"false_alerts"`
}

// Campaign is what became of one attack.
type Campaign struct {
	ID        string    `json:"id"`
	Family    string    `json:"family"`
	Technique string    `json:"technique"`
	Begin     time.Time `json:"begin"`
	Requests  int64     `json:"requests"`
	Found     bool      `json:"found"`
	// Detectors told of it, in this order, the first of them after so many seconds.
	Detectors []string          `json:"detectors"`
	Seconds   float64           `json:"detection_seconds"`
	Severity  *finding.Severity `json:"severity,omitempty"`
	Note      string            `json:"note,omitempty"`
}

// FalseAlert is one finding about nobody who attacked.
type FalseAlert struct {
	ID       string           `json:"id"`
	Detector string           `json:"detector"`
	Severity finding.Severity `json:"severity"`
	Entity   label.Entity     `json:"entity"`
	Service  string           `json:"service,omitempty"`
	Opened   time.Time        `json:"opened"`
	Verdict  string           `json:"verdict"` // false or benign
}
