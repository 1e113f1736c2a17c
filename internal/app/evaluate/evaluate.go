// Package evaluate holds findings against labels: which attacks were found and how soon, and which findings are about
// nobody who attacked. It measures detectors; it neither runs them nor knows how they work. The matching rule is in
// docs/reference/evaluate.md.
package evaluate

import (
	"errors"
	"fmt"
	"time"

	"gatewatch/internal/label"
)

// Config says how findings are held against labels.
type Config struct {
	// Slack is for how long after its last request a campaign may be told of. Default 10 minutes.
	Slack time.Duration
	// Mapping is what detectors may tell of besides their own family. Default: DefaultMapping.
	Mapping Mapping
	// From and To bound the traffic, From ≤ time < To, which false alerts a day are counted over; what lies outside is not
	// looked at. Zero: the first and the last time in labels and findings.
	From, To time.Time
	// Detectors are told of even if they found nothing. Default: none.
	Detectors []string
}

// DefaultConfig returns the defaults.
func DefaultConfig() Config { return Config{Slack: 10 * time.Minute, Mapping: DefaultMapping()} }

// maxSpan is the longest span that is evaluated: what is told day by day has to end.
const maxSpan = 20 * 366 * 24 * time.Hour

// Validate returns every fault at once.
func (c *Config) Validate() error {
	var errs []error
	if c.Slack < 0 {
		errs = append(errs, fmt.Errorf("slack %s: want 0 or more", c.Slack))
	}
	if !c.From.IsZero() && !c.To.IsZero() && !c.From.Before(c.To) {
		errs = append(errs, fmt.Errorf("from %s to %s: want them in this order", c.From, c.To))
	}
	return errors.Join(errs...)
}

// Evaluate holds the episodes against the labels.
func Evaluate(labels []label.Label, found *Episodes, cfg Config) (*Result, error) {
	if err := errors.Join(cfg.Validate(), validate(labels)); err != nil {
		return nil, err
	}
	episodes := found.All()
	res := &Result{SlackSeconds: cfg.Slack.Seconds(), Inferred: cfg.From.IsZero() || cfg.To.IsZero(), known: cfg.Detectors}
	res.From, res.To = span(labels, episodes, &cfg)
	if res.To.Sub(res.From) > maxSpan {
		return nil, fmt.Errorf("from %s to %s: want at most 20 years; --since and --until leave out what has a wrong clock", res.From.Format(time.DateOnly), res.To.Format(time.DateOnly))
	}
	res.Days = res.To.Sub(res.From).Hours() / 24
	inside := within(labels, episodes, res)
	j := newJudge(inside.labels, &cfg)
	for _, e := range inside.episodes {
		j.judge(e)
	}
	res.fill(j)
	return res, nil
}

// validate refuses labels that findings cannot be held against.
func validate(labels []label.Label) error {
	var errs []error
	ids := map[string]bool{}
	for i := range labels {
		l := &labels[i]
		if err := l.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("label %q: %w", l.ID, err))
		}
		if ids[l.ID] {
			errs = append(errs, fmt.Errorf("label %q: there are two", l.ID))
		}
		ids[l.ID] = true
		if l.Attack && (l.Family == "" || len(l.Entities) == 0) {
			errs = append(errs, fmt.Errorf("label %q: an attack without a family or entities is told of by no finding", l.ID))
		}
	}
	return errors.Join(errs...)
}

// span is the time that the traffic took, as the configuration says or as labels and findings tell.
func span(labels []label.Label, episodes []*Episode, cfg *Config) (from, to time.Time) {
	note := func(first, last time.Time) {
		if from.IsZero() || first.Before(from) {
			from = first
		}
		if to.IsZero() || last.After(to) {
			to = last
		}
	}
	for i := range labels {
		note(labels[i].Begin, labels[i].End)
	}
	for _, e := range episodes {
		note(e.First, e.Last)
	}
	if !cfg.From.IsZero() {
		from = cfg.From
	}
	if !cfg.To.IsZero() {
		to = cfg.To
	}
	if to.Before(from) {
		to = from
	}
	return from.UTC(), to.UTC()
}

// inside is what there was in the span.
type inside struct {
	labels   []label.Label
	episodes []*Episode
}

func within(labels []label.Label, episodes []*Episode, res *Result) inside {
	var in inside
	overlaps := func(first, last time.Time) bool { return !last.Before(res.From) && !first.After(res.To) }
	for i := range labels {
		if overlaps(labels[i].Begin, labels[i].End) {
			in.labels = append(in.labels, labels[i])
		}
	}
	for _, e := range episodes {
		if overlaps(e.First, e.Last) {
			in.episodes = append(in.episodes, e)
		}
	}
	res.Outside = Outside{Campaigns: len(labels) - len(in.labels), Findings: len(episodes) - len(in.episodes)}
	return in
}
