package finding

import (
	"slices"

	"gatewatch/internal/event"
)

// Clone is a copy that shares no slice with the finding.
func (f *Finding) Clone() Finding {
	c := *f
	c.Related = slices.Clone(f.Related)
	c.Evidence = slices.Clone(f.Evidence)
	c.Attack, c.OWASP, c.OAT = slices.Clone(f.Attack), slices.Clone(f.OWASP), slices.Clone(f.OAT)
	if f.Baseline != nil {
		b := *f.Baseline
		c.Baseline = &b
	}
	c.Samples = make([]event.Event, len(f.Samples))
	for i := range f.Samples {
		c.Samples[i] = f.Samples[i].Clone(0)
	}
	return c
}
