package evaluate

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"gatewatch/internal/app/evaluate/interval"
	"gatewatch/internal/finding"
	"gatewatch/internal/label"
)

// fill works out the numbers from what was judged.
func (r *Result) fill(j *judge) {
	for i := range j.campaigns {
		if j.campaigns[i].Attack {
			r.Attacks++
		} else {
			r.Benign++
		}
	}
	every := selection{}
	r.All = r.group(j, &every)
	r.Families, r.Techniques, r.Detectors = []Group{}, []Group{}, []Group{}
	for _, name := range families(j) {
		r.Families = append(r.Families, r.group(j, &selection{name: name, family: name}))
	}
	for _, key := range techniques(j) {
		g := r.group(j, &selection{name: key.technique, technique: key})
		g.Family = key.family
		r.Techniques = append(r.Techniques, g)
	}
	for _, name := range detectors(j, r.known) {
		r.Detectors = append(r.Detectors, r.group(j, &selection{name: name, detector: name}))
	}
	r.alerts(j)
	r.lookalikes(j)
	r.days(j)
	r.curve(j)
	r.campaigns(j)
	r.wrong(j)
}

// technique is one way of attacking.
type technique struct{ family, technique string }

// selection is what a group is about: one of the three, or everything.
type selection struct {
	name      string
	family    string
	technique technique
	detector  string
}

// attack tells whether the group could tell of a campaign.
func (s *selection) attack(c *campaign, m Mapping) bool {
	switch {
	case !c.Attack:
		return false
	case s.family != "":
		return c.Family == s.family
	case s.technique != technique{}:
		return technique{c.Family, c.Technique} == s.technique
	case s.detector != "":
		return m.fits(s.detector, c.Family)
	default:
		return true
	}
}

// finding tells whether a finding is the group's.
func (s *selection) finding(f *judged, all []campaign) bool {
	switch {
	case s.family != "":
		return finding.FamilyOf(f.Detector).String() == s.family
	case s.technique != technique{}:
		return slices.ContainsFunc(f.tells, func(n int) bool {
			return technique{all[n].Family, all[n].Technique} == s.technique
		})
	case s.detector != "":
		return f.Detector == s.detector
	default:
		return true
	}
}

func (r *Result) group(j *judge, s *selection) Group {
	g := Group{Name: s.name}
	alerts, medium := 0, 0
	told := map[int]struct{}{}
	for i := range j.judged {
		f := &j.judged[i]
		if !s.finding(f, j.campaigns) {
			continue
		}
		g.Findings.count(f.verdict)
		for _, n := range f.tells {
			told[n] = struct{}{}
		}
		if f.isFalse() {
			alerts++
			if f.Severity >= finding.Medium {
				medium++
			}
		}
	}
	attacks := 0
	var seconds []float64
	for i := range j.campaigns {
		c := &j.campaigns[i]
		if !s.attack(c, j.mapping) {
			continue
		}
		attacks++
		if after, ok := c.by(s.detector); ok {
			seconds = append(seconds, after.Seconds())
		}
	}
	g.Precision = g.Findings.precision(len(told))
	g.Recall = interval.ShareOf(len(seconds), attacks)
	g.Detection = interval.SpreadOf(seconds, attacks-len(seconds))
	if (s.technique == technique{}) {
		g.Alerts, g.Any = interval.RateOf(medium, r.Days), interval.RateOf(alerts, r.Days)
	}
	return g
}

// isFalse tells an alert that nobody should have got.
func (f *judged) isFalse() bool { return f.verdict == False || f.verdict == Benign }

func families(j *judge) []string {
	names := map[string]bool{}
	for i := range j.campaigns {
		if j.campaigns[i].Attack {
			names[j.campaigns[i].Family] = true
		}
	}
	for i := range j.judged {
		names[finding.FamilyOf(j.judged[i].Detector).String()] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func techniques(j *judge) []technique {
	names := map[technique]bool{}
	for i := range j.campaigns {
		if c := &j.campaigns[i]; c.Attack {
			names[technique{c.Family, c.Technique}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(names), func(a, b technique) int {
		return cmp.Or(cmp.Compare(a.family, b.family), cmp.Compare(a.technique, b.technique))
	})
}

func detectors(j *judge, known []string) []string {
	names := map[string]bool{}
	for _, name := range known {
		names[name] = true
	}
	for i := range j.judged {
		names[j.judged[i].Detector] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func (r *Result) alerts(j *judge) {
	for least := finding.Info; least <= finding.Critical; least++ {
		a := Alerts{Severity: least}
		n := 0
		for i := range j.judged {
			f := &j.judged[i]
			if f.Severity < least || !f.isFalse() {
				continue
			}
			n++
			if f.verdict == Benign {
				a.Benign++
			}
		}
		a.Rate = interval.RateOf(n, r.Days)
		r.Alerts = append(r.Alerts, a)
	}
}

func (r *Result) days(j *judge) {
	const day = 24 * time.Hour
	first := r.From.Truncate(day)
	r.ByDay = []Day{}
	for d := first; d.Before(r.To) || d.Equal(first); d = d.Add(day) {
		r.ByDay = append(r.ByDay, Day{Date: d.Format(time.DateOnly)})
	}
	for i := range j.judged {
		f := &j.judged[i]
		if !f.isFalse() {
			continue
		}
		n := int(f.Opened.Sub(first) / day)
		d := &r.ByDay[min(max(n, 0), len(r.ByDay)-1)]
		d.All++
		if f.Severity >= finding.Medium {
			d.Medium++
		}
		if f.verdict == Benign {
			d.Benign++
		}
	}
}

// topScore is the highest that a score can be.
const topScore = 100

// curve asks of every score what there would be if findings had to have it.
func (r *Result) curve(j *judge) {
	for least := range topScore + 1 {
		score := float64(least)
		found, alerts := 0, 0
		for i := range j.campaigns {
			if c := &j.campaigns[i]; c.Attack && !c.untouched && c.score >= score {
				found++
			}
		}
		for i := range j.judged {
			if f := &j.judged[i]; f.isFalse() && f.Score >= score {
				alerts++
			}
		}
		r.Curve = append(r.Curve, Point{score, interval.ShareOf(found, r.Attacks), interval.RateOf(alerts, r.Days)})
	}
}

func (r *Result) campaigns(j *judge) {
	r.Each = []Campaign{}
	for i := range j.campaigns {
		c := &j.campaigns[i]
		if !c.Attack {
			continue
		}
		out := Campaign{
			ID: c.ID, Family: c.Family, Technique: c.Technique, Begin: c.Begin, Requests: c.Requests, Found: !c.untouched,
			Detectors: c.told, Note: c.Note,
		}
		if out.Detectors == nil {
			out.Detectors = []string{}
		}
		if after, ok := c.by(""); ok {
			out.Seconds, out.Severity = after.Seconds(), &c.severity
		}
		r.Each = append(r.Each, out)
	}
}

func (r *Result) wrong(j *judge) {
	r.False = []FalseAlert{}
	for i := range j.judged {
		f := &j.judged[i]
		if !f.isFalse() {
			continue
		}
		r.False = append(r.False, FalseAlert{
			ID: f.ID, Detector: f.Detector, Severity: f.Severity, Entity: label.Entity{Type: f.Entity.Kind.String(), Value: f.Entity.Value},
			Service: f.Service, Opened: f.Opened, Verdict: f.verdict.String(),
		})
	}
}
