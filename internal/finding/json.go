package finding

import (
	"encoding/json"
	"fmt"
	"time"

	"gatewatch/internal/event"
)

// document is a finding as schemas/finding/v1 has it.
type document struct {
	ID          string        `json:"id"`
	Revision    int           `json:"revision"`
	Activity    string        `json:"activity"`
	Detector    string        `json:"detector"`
	Severity    string        `json:"severity"`
	Score       float64       `json:"score"`
	Confidence  float64       `json:"confidence"`
	Entity      entity        `json:"entity"`
	Related     []entity      `json:"related"`
	Service     string        `json:"service"`
	Title       string        `json:"title"`
	Description string        `json:"description"`
	FirstSeen   time.Time     `json:"first_seen"`
	LastSeen    time.Time     `json:"last_seen"`
	Count       int64         `json:"count"`
	Evidence    numbers       `json:"evidence"`
	Baseline    *baseline     `json:"baseline,omitempty"`
	Samples     []event.Event `json:"samples"`
	Attack      []string      `json:"attack"`
	OWASP       []string      `json:"owasp"`
	OAT         []string      `json:"oat"`
}

type entity struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type baseline struct {
	Observed float64    `json:"observed"`
	Expected float64    `json:"expected"`
	Interval [2]float64 `json:"interval"`
	Surprise float64    `json:"surprise"`
}

// MarshalJSON writes the finding as one object of schemas/finding/v1. Equal findings give equal bytes.
func (f *Finding) MarshalJSON() ([]byte, error) {
	d := document{
		ID: f.ID, Revision: f.Revision, Activity: f.Activity.String(), Detector: f.Detector,
		Severity: f.Severity.String(), Score: f.Score, Confidence: f.Confidence,
		Entity: entity{f.Entity.Kind.String(), f.Entity.Value}, Related: make([]entity, 0, len(f.Related)),
		Service: f.Service, Title: f.Title, Description: f.Description,
		FirstSeen: time.Unix(0, f.FirstSeen).UTC(), LastSeen: time.Unix(0, f.LastSeen).UTC(), Count: f.Count,
		Evidence: f.Evidence, Samples: orEmpty(f.Samples),
		Attack: orEmpty(f.Attack), OWASP: orEmpty(f.OWASP), OAT: orEmpty(f.OAT),
	}
	for _, r := range f.Related {
		d.Related = append(d.Related, entity{r.Kind.String(), r.Value})
	}
	if b := f.Baseline; b != nil {
		d.Baseline = &baseline{b.Observed, b.Expected, [2]float64{b.Low, b.High}, b.Surprise}
	}
	return json.Marshal(d)
}

// UnmarshalJSON reads one object of schemas/finding/v1.
func (f *Finding) UnmarshalJSON(b []byte) error {
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		return fmt.Errorf("decoding finding: %w", err)
	}
	severity, err := ParseSeverity(d.Severity)
	if err != nil {
		return fmt.Errorf("decoding finding: %w", err)
	}
	*f = Finding{
		ID: d.ID, Revision: d.Revision, Activity: parseActivity(d.Activity), Detector: d.Detector,
		Severity: severity, Score: d.Score, Confidence: d.Confidence,
		Entity:  event.Entity{Kind: event.ParseKind(d.Entity.Type), Value: d.Entity.Value},
		Service: d.Service, Title: d.Title, Description: d.Description,
		FirstSeen: d.FirstSeen.UnixNano(), LastSeen: d.LastSeen.UnixNano(), Count: d.Count,
		Evidence: d.Evidence, Samples: d.Samples, Attack: d.Attack, OWASP: d.OWASP, OAT: d.OAT,
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, event.Entity{Kind: event.ParseKind(r.Type), Value: r.Value})
	}
	if b := d.Baseline; b != nil {
		f.Baseline = &Baseline{b.Observed, b.Expected, b.Interval[0], b.Interval[1], b.Surprise}
	}
	return nil
}

func parseActivity(s string) Activity {
	for a := range activities {
		if activityNames[a] == s {
			return a
		}
	}
	return ActivityUnknown
}

// orEmpty keeps an absent list from becoming null, which the schema does not allow.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
