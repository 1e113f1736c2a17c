package alert

import "fmt"

// Status is how an incident stands.
type Status uint8

// The statuses.
const (
	StatusUnknown Status = iota
	Firing               // it has begun, or goes on
	Updated              // there is news of it
	Resolved             // it is over
	statuses
)

var statusNames = [statuses]string{"unknown", "firing", "updated", "resolved"}

// String is the status's name.
func (s Status) String() string {
	if s >= statuses {
		return statusNames[StatusUnknown]
	}
	return statusNames[s]
}

// MarshalText writes the name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Status) UnmarshalText(b []byte) error {
	for v := Firing; v < statuses; v++ {
		if statusNames[v] == string(b) {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("unknown status %q", b)
}

// Reason is why people are told.
type Reason uint8

// The reasons.
const (
	ReasonUnknown Reason = iota
	Begun                // an incident has begun
	Rise                 // its severity has risen
	Change               // there is news, and the last notification is long enough ago
	Repeat               // it is still open
	Closed               // its findings are closed
	Stale                // nothing has been heard of it for long
	reasons
)

var reasonNames = [reasons]string{"unknown", "new", "rise", "change", "repeat", "closed", "stale"}

// String is the reason's name.
func (r Reason) String() string {
	if r >= reasons {
		return reasonNames[ReasonUnknown]
	}
	return reasonNames[r]
}

// MarshalText writes the name.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the name.
func (r *Reason) UnmarshalText(b []byte) error {
	for v := Begun; v < reasons; v++ {
		if reasonNames[v] == string(b) {
			*r = v
			return nil
		}
	}
	return fmt.Errorf("unknown reason %q", b)
}

// status is how the incident stands when people are told for the reason.
func (r Reason) status() Status {
	switch r {
	case Begun, Repeat:
		return Firing
	case Rise, Change:
		return Updated
	case Closed, Stale:
		return Resolved
	default:
		return StatusUnknown
	}
}
