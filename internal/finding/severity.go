package finding

import "fmt"

// Severity says how much a finding matters; it is ordered. The names are OCSF's.
type Severity uint8

// The severities.
const (
	SeverityUnknown Severity = iota
	Info                     // worth knowing, nothing to do
	Low                      // automated or unwanted, without sign of effect
	Medium                   // an attack in progress, or one that reached something
	High                     // an attack that probably succeeded, or that endangers the service
	Critical                 // an attack that succeeded
	severities
)

var severityNames = [severities]string{"unknown", "info", "low", "medium", "high", "critical"}

// String is the severity's name in findings, metrics, subjects and the configuration.
func (s Severity) String() string {
	if s >= severities {
		return severityNames[SeverityUnknown]
	}
	return severityNames[s]
}

// ParseSeverity reads a severity's name.
func ParseSeverity(name string) (Severity, error) {
	for s := Info; s < severities; s++ {
		if severityNames[s] == name {
			return s, nil
		}
	}
	return SeverityUnknown, fmt.Errorf("unknown severity %q (one of info, low, medium, high, critical)", name)
}

// Activity says what became of a finding with this revision.
type Activity uint8

// The activities, numbered as in OCSF.
const (
	ActivityUnknown Activity = iota
	Create
	Update
	Close
	activities
)

var activityNames = [activities]string{"unknown", "create", "update", "close"}

// String is the activity's name in findings.
func (a Activity) String() string {
	if a >= activities {
		return activityNames[ActivityUnknown]
	}
	return activityNames[a]
}

// MarshalText writes the severity's name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a severity's name.
func (s *Severity) UnmarshalText(b []byte) error {
	v, err := ParseSeverity(string(b))
	if err != nil {
		return err
	}
	*s = v
	return nil
}
