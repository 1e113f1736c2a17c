package evaluate

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"gatewatch/internal/app/evaluate/interval"
	"gatewatch/internal/finding"
)

// Lookalike is how much noise there was while benign campaigns of one technique lasted, and else: what a deploy or a
// holiday costs.
type Lookalike struct {
	Technique string `json:"technique"`
	Campaigns int    `json:"campaigns"`
	// While are the false alerts of medium severity or above that opened while one of them lasted, or in the slack after it,
	// and Else those that opened at all other times, whoever they are about.
	While interval.Rate `json:"while"`
	Else  interval.Rate `json:"else"`
}

// stretch is a time with its ends in it.
type stretch struct{ from, to time.Time }

func (r *Result) lookalikes(j *judge) {
	times := map[string][]stretch{}
	for i := range j.campaigns {
		if c := &j.campaigns[i]; !c.Attack {
			s := stretch{latest(c.Begin, r.From), earliest(c.End.Add(j.matcher.slack), r.To)}
			times[c.Technique] = append(times[c.Technique], s)
		}
	}
	r.Lookalikes = []Lookalike{}
	for _, name := range slices.Sorted(maps.Keys(times)) {
		union := merged(times[name])
		days, during, all := 0.0, 0, 0
		for _, s := range union {
			days += s.to.Sub(s.from).Hours() / 24
		}
		for i := range j.judged {
			f := &j.judged[i]
			if !f.isFalse() || f.Severity < finding.Medium {
				continue
			}
			all++
			if slices.ContainsFunc(union, func(s stretch) bool { return !f.Opened.Before(s.from) && !f.Opened.After(s.to) }) {
				during++
			}
		}
		r.Lookalikes = append(r.Lookalikes, Lookalike{
			Technique: name, Campaigns: len(times[name]),
			While: interval.RateOf(during, days), Else: interval.RateOf(all-during, max(r.Days-days, 0)),
		})
	}
}

// merged is the same times without any of them twice.
func merged(all []stretch) []stretch {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	var out []stretch
	for _, s := range all {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			out[n-1].to = latest(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
