package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// The days that are compared, of six weeks from Monday 2 March 2026 on, in which the clocks of Berlin are put forward on
// 29 March. Each special day is held against those that have its weekday and are ordinary.
var (
	holidays = [...]string{"2026-03-20", "2026-04-03", "2026-04-06"}
	changes  = [...]string{"2026-03-29", "2026-03-30"}
	ordinary = map[time.Weekday][]string{
		time.Friday: {"2026-03-13", "2026-03-27", "2026-04-10"},
		time.Monday: {"2026-03-16", "2026-03-23"},
		time.Sunday: {"2026-03-15", "2026-03-22", "2026-04-12"},
	}
)

// dayBudget is the budget under which days are compared: the more alerts, the narrower the interval.
const dayBudget = 100

// most is by how much more alerts a special day may have.
const most = .10

// planDays is about holidays and the change of the clocks.
func planDays(p *plan) func() []*section {
	told := settings{budget: dayBudget, bare: true, holidays: strings.Join(holidays[:], " ")}
	untold := settings{budget: dayBudget, bare: true}
	var worlds []*world
	looks := map[settings][]*look{}
	for i := range p.size.daySeeds {
		w := p.world("six weeks with holidays", daySeed+i, p.size.dayDays, p.size.dayClients, "--attacks", "none", "--holiday", strings.Join(holidays[:], ","))
		worlds = append(worlds, w)
		for _, s := range [...]settings{told, untold} {
			looks[s] = append(looks[s], w.look(s))
		}
	}
	return func() []*section {
		s := &section{
			Name:   "days",
			Title:  "Holidays and the change of the clocks",
			Text:   fmt.Sprintf("%s, budget %d, floors at their least. Like days are ordinary ones of the same weekday in the same worlds; the interval is of the bootstrap over worlds.", scene(worlds), dayBudget),
			Header: []string{"days", "holidays are", "false alerts a day", "on like days", "difference"},
		}
		s.days("holidays", "in the calendar file", holidays[:], looks[told])
		s.days("holidays", "not told", holidays[:], looks[untold])
		s.days("change of the clocks", "in the calendar file", changes[:], looks[told])
		return []*section{s}
	}
}

// sample is the alerts of one world on special days, and on as many like ones.
type sample struct{ special, like float64 }

func (s *section) days(what, how string, special []string, looks []*look) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		zone = time.UTC
	}
	var all []sample
	names := budgetNames()
	for _, l := range looks {
		by := map[string]int{}
		for i := range l.result.False {
			if f := &l.result.False[i]; names[f.Detector] {
				by[f.Opened.In(zone).Format(time.DateOnly)]++
			}
		}
		all = append(all, sampled(special, by))
	}
	ratio := above(all)
	low, high := bootstrap(all)
	n := float64(len(all) * len(special))
	var sum sample
	for _, x := range all {
		sum.special += x.special
		sum.like += x.like
	}
	s.row(what, how, number(sum.special/n), number(sum.like/n), fmt.Sprintf("%+.0f %% [%+.0f, %+.0f]", 100*ratio, 100*low, 100*high))
	s.limit(fmt.Sprintf("%s, %s: at most %.0f %% more alerts than on like days", what, how, 100*most), fmt.Sprintf("%+.1f %%", 100*ratio), ratio <= most)
}

// sampled are the alerts of special days, and those that like days had on average.
func sampled(special []string, by map[string]int) sample {
	var out sample
	for _, day := range special {
		out.special += float64(by[day])
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			continue
		}
		like := ordinary[at.Weekday()]
		for _, other := range like {
			out.like += float64(by[other]) / float64(len(like))
		}
	}
	return out
}

// above is by what part special days have more.
func above(all []sample) float64 {
	var sum sample
	for _, x := range all {
		sum.special += x.special
		sum.like += x.like
	}
	if sum.like == 0 {
		return math.NaN()
	}
	return sum.special/sum.like - 1
}

// bootstrap is the interval of above: worlds are drawn with replacement.
func bootstrap(all []sample) (low, high float64) {
	const draws = 2000
	rnd := rand.New(rand.NewPCG(1979, uint64(len(all))))
	values := make([]float64, draws)
	drawn := make([]sample, len(all))
	for i := range values {
		for k := range drawn {
			drawn[k] = all[rnd.IntN(len(all))]
		}
		values[i] = above(drawn)
	}
	slices.Sort(values)
	return values[draws*25/1000], values[draws*975/1000]
}
