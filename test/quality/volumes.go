package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/interval"
)

// volumes are the attacks that change how much there is of something, and the seconds in which half of them must be found.
var volumes = [...]struct {
	name   string
	within float64
}{
	{"surge", 120},
	{"drop", 600},
	{"silence", 600},
	{"error_spike", 600},
	{"latency_shift", 600},
	{"exfiltration", 600},
	{"exfiltration_request", 600},
}

// found is the share of attacks that must be found.
const found = .95

// planVolumes is about surges, drops and leaks.
func planVolumes(p *plan) func() []*section {
	var names []string
	for _, v := range volumes {
		names = append(names, v.name)
	}
	var worlds []*world
	for i := range p.size.volumeSeeds {
		w := p.world("a month of surges and drops", volumeSeed+i, p.size.volumeDays, p.size.volumeClients,
			"--attacks", strings.Join(names, ","), "--repeat", strconv.Itoa(p.size.volumeRepeat))
		w.look(settings{})
		worlds = append(worlds, w)
	}
	return func() []*section {
		s := &section{
			Name:   "volumes",
			Title:  "Surges, drops, silence, errors, latencies, and data that leaves",
			Text:   scene(worlds) + ", defaults. Time to detection is over all attacks; one that was missed is found never.",
			Header: []string{"attack", "found", "half found within", "nine of ten", "by"},
		}
		for _, v := range volumes {
			a := attempts(worlds, settings{}, v.name)
			took := interval.SpreadOf(a.seconds, a.of-len(a.seconds))
			share := interval.ShareOf(len(a.seconds), a.of)
			s.row(v.name, shareText(share), quantileText(took.Median), evaluate.Duration(took.P90.Value), a.finders())
			s.limit(fmt.Sprintf("%s: %.0f %% found", v.name, 100*found), shareText(share), share.Of > 0 && share.Value >= found)
			s.limit(fmt.Sprintf("%s: half found within %s", v.name, evaluate.Duration(v.within)),
				evaluate.Duration(took.Median.Value), took.Count > 0 && took.Median.Value <= v.within)
		}
		return []*section{s}
	}
}

// attempted is what became of attacks of one name.
type attempted struct {
	of      int
	seconds []float64 // of those found
	by      map[string]int
}

// attempts collects attacks of a name, over worlds looked at in one way.
func attempts(worlds []*world, s settings, name string) attempted {
	a := attempted{by: map[string]int{}}
	for _, w := range worlds {
		r := w.look(s).result
		for i := range r.Each {
			c := &r.Each[i]
			if dash := strings.LastIndexByte(c.ID, '-'); dash < 0 || c.ID[:dash] != name {
				continue
			}
			a.of++
			if !c.Found {
				continue
			}
			a.seconds = append(a.seconds, c.Seconds)
			if len(c.Detectors) > 0 {
				a.by[c.Detectors[0]]++
			}
		}
	}
	return a
}

// finders are the detectors that found attacks first, those that found most of them before others.
func (a *attempted) finders() string {
	names := slices.SortedFunc(maps.Keys(a.by), func(x, y string) int {
		return cmp.Or(cmp.Compare(a.by[y], a.by[x]), cmp.Compare(x, y))
	})
	var out []string
	for _, name := range names {
		out = append(out, fmt.Sprintf("%s %d", name, a.by[name]))
	}
	if len(out) == 0 {
		return "–"
	}
	return strings.Join(out, ", ")
}

func quantileText(q interval.Quantile) string {
	if math.IsInf(q.Value, 1) && math.IsInf(q.Low, 1) {
		return evaluate.Duration(q.Value)
	}
	return fmt.Sprintf("%s [%s–%s]", evaluate.Duration(q.Value), evaluate.Duration(q.Low), evaluate.Duration(q.High))
}

// quantileOnly is the median without its interval.
func quantileOnly(s interval.Spread) string {
	if s.Count == 0 {
		return "–"
	}
	return evaluate.Duration(s.Median.Value)
}
