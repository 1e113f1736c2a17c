package evaluate

import (
	"slices"
	"time"

	"gatewatch/internal/finding"
	"gatewatch/internal/label"
)

// Verdict is what a finding turned out to be.
type Verdict uint8

// The verdicts, the kindest last: a finding about several campaigns gets the kindest.
const (
	False  Verdict = iota // about nobody of the labels
	Benign                // about traffic that only looks like an attack
	Aside                 // about somebody who attacked then, but of another family, or too late, or not what was attacked
	True                  // tells of an attack
	verdicts
)

var verdictNames = [verdicts]string{"false", "benign", "aside", "true"}

// String is the verdict's name in output.
func (v Verdict) String() string { return verdictNames[min(v, verdicts-1)] }

// judge holds episodes against campaigns.
type judge struct {
	matcher   *matcher
	mapping   Mapping
	campaigns []campaign
	judged    []judged
}

// judged is an episode with its verdict.
type judged struct {
	*Episode
	verdict Verdict
	tells   []int // of these attacks, by number
}

// campaign is a label with who told of it.
type campaign struct {
	*label.Label
	told      []string // detectors, in the order in which they told
	after     []time.Duration
	score     float64 // the highest of the findings that told, as the severity is
	severity  finding.Severity
	untouched bool // nobody has told of it
}

func newJudge(labels []label.Label, cfg *Config) *judge {
	j := &judge{matcher: newMatcher(labels, cfg.Slack), mapping: cfg.Mapping}
	for i := range labels {
		j.campaigns = append(j.campaigns, campaign{Label: &labels[i], untouched: true})
	}
	return j
}

// judge takes the next episode in the order in which they opened.
func (j *judge) judge(e *Episode) {
	out := judged{Episode: e}
	for _, m := range j.matcher.about(e) {
		v := j.verdict(e, m)
		out.verdict = max(out.verdict, v)
		if v == True && !slices.Contains(out.tells, m.campaign) {
			out.tells = append(out.tells, m.campaign)
			j.campaigns[m.campaign].note(e)
		}
	}
	j.judged = append(j.judged, out)
}

func (j *judge) verdict(e *Episode, m match) Verdict {
	c := &j.campaigns[m.campaign]
	switch {
	case !c.Attack:
		return Benign
	case m.doing || j.matcher.late(e, m.campaign):
		return Aside
	case j.mapping.fits(e.Detector, c.Family):
		return True
	default:
		return Aside
	}
}

// note remembers that a finding tells of the campaign.
func (c *campaign) note(e *Episode) {
	c.untouched = false
	c.score = max(c.score, e.Score)
	c.severity = max(c.severity, e.Severity)
	if !slices.Contains(c.told, e.Detector) {
		c.told = append(c.told, e.Detector)
		c.after = append(c.after, max(e.Opened.Sub(c.Begin), 0))
	}
}

// by is how long a detector took to tell of the campaign; "" is any of them.
func (c *campaign) by(detector string) (time.Duration, bool) {
	for i, d := range c.told {
		if detector == "" || d == detector {
			return c.after[i], true
		}
	}
	return 0, false
}
