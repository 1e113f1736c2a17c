package signature

import "gatewatch/internal/event"

// Probe looks for injection attempts. It owns buffers, so one goroutine owns a Probe; it remembers nothing between events.
type Probe struct{}

// NewProbe makes a Probe.
func NewProbe() (*Probe, error) { return &Probe{}, nil }

// Inspect looks at the path, the query, the user agent and the referrer of one request, or at the raw request line when
// it was no HTTP. Its work is bounded whatever the request holds.
func (p *Probe) Inspect(e *event.Event) Verdict { return Verdict{} }
