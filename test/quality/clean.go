package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/interval"
)

// budgets are the false alerts a day that are asked for.
var budgets = [...]int{1, 10, 100}

// warm is how many days of a world are left out where it matters that detectors know their clients.
const warm = 7

// cleanLooks is a world without attacks, under every budget, with floors and without.
type cleanLooks struct {
	world       *world
	usual       *look
	floored, at map[int]*look
}

// planClean is about false alerts where nobody attacks.
func planClean(p *plan) func() []*section {
	var all []cleanLooks
	for i := range p.size.cleanSeeds {
		w := p.world("a clean month", cleanSeed+i, p.size.cleanDays, p.size.cleanClients, "--attacks", "none")
		w.count = true
		c := cleanLooks{world: w, usual: w.look(settings{}), floored: map[int]*look{}, at: map[int]*look{}}
		for _, budget := range budgets {
			c.floored[budget] = w.look(settings{budget: budget})
			c.at[budget] = w.look(settings{budget: budget, bare: true})
		}
		all = append(all, c)
	}
	return func() []*section { return []*section{judgeBudget(all), judgeNew(all), judgeNoise(all)} }
}

// judgeBudget holds false alerts a day against the budget.
func judgeBudget(all []cleanLooks) *section {
	s := &section{
		Name:   "budget",
		Title:  "False alerts a day, and the alarm budget",
		Text:   scene(worldsOf(all)) + ", nobody attacks. Floors at their least: the budget alone decides.",
		Header: []string{"detector", "budget", "floors", "false a day", "by seed", "after a week"},
	}
	for _, d := range budgeted() {
		name := d.Spec().Name
		for _, budget := range budgets {
			rate := s.budgetRow(all, name, budget, true)
			b := float64(budget)
			s.limit(fmt.Sprintf("%s at a budget of %d: %g to %g a day, floors at their least", name, budget, b/2, 2*b),
				number(rate.PerDay), rate.PerDay >= b/2 && rate.PerDay <= 2*b)
		}
		for _, budget := range budgets {
			rate := s.budgetRow(all, name, budget, false)
			s.limit(fmt.Sprintf("%s at a budget of %d: at most %d a day with its floors", name, budget, 2*budget),
				number(rate.PerDay), rate.PerDay <= 2*float64(budget))
		}
	}
	return s
}

func (s *section) budgetRow(all []cleanLooks, detector string, budget int, bare bool) interval.Rate {
	var of tally
	var later tally
	var seeds []string
	for _, c := range all {
		l := c.floored[budget]
		if bare {
			l = c.at[budget]
		}
		n := count(l.result, func(f *evaluate.FalseAlert) bool { return f.Detector == detector })
		of.add(n, l.result.Days)
		seeds = append(seeds, number(float64(n)/l.result.Days))
		from := l.result.From.Add(warm * 24 * time.Hour)
		later.add(count(l.result, func(f *evaluate.FalseAlert) bool { return f.Detector == detector && !f.Opened.Before(from) }), l.result.Days-warm)
	}
	floors := "defaults"
	if bare {
		floors = "least"
	}
	s.row(detector, strconv.Itoa(budget), floors, rateText(of.rate()), strings.Join(seeds, ", "), number(later.rate().PerDay))
	return of.rate()
}

// judgeNew compares new clients with those that are known.
func judgeNew(all []cleanLooks) *section {
	const budget, most = 100, 2
	s := &section{
		Name:  "new",
		Title: "New clients beside known ones",
		Text: fmt.Sprintf("The same worlds, from their eighth day on, at a budget of %d and with floors at their least: false alerts of the detectors with a budget, for each hour in which a client came. "+
			"A client is a principal or, without one, a network.", budget),
		Header: []string{"new is who was", "client-hours, new", "false", "client-hours, known", "false", "new ÷ known, per hour"},
	}
	names := budgetNames()
	for _, def := range novices {
		var hours, alerts [2]int
		for _, c := range all {
			r := c.at[budget].result
			from := r.From.Add(warm * 24 * time.Hour)
			young, old := c.world.census.hours(from.UnixNano()/int64(time.Hour), def.is)
			hours[0] += young
			hours[1] += old
			for i := range r.False {
				f := &r.False[i]
				if !names[f.Detector] || f.Opened.Before(from) {
					continue
				}
				if young, ok := c.world.census.young(f.Entity, f.Opened, def.is); ok {
					alerts[at(!young)]++
				}
			}
		}
		ratio, low, high := rates(alerts[0], hours[0], alerts[1], hours[1])
		s.row(def.name, strconv.Itoa(hours[0]), strconv.Itoa(alerts[0]), strconv.Itoa(hours[1]), strconv.Itoa(alerts[1]),
			fmt.Sprintf("%s [%s–%s]", number(ratio), number(low), number(high)))
		s.limit(fmt.Sprintf("%s: at most %d times the rate of known clients", def.name, most), number(ratio), ratio <= most)
	}
	return s
}

// rates is the ratio of two rates, with the interval of the logarithm of two Poisson counts; a half is added to each count,
// so that none is the logarithm of nothing.
func rates(a, hoursA, b, hoursB int) (ratio, low, high float64) {
	if hoursA == 0 || hoursB == 0 {
		return math.NaN(), 0, math.Inf(1)
	}
	x, y := float64(a)+.5, float64(b)+.5
	ratio = x / float64(hoursA) / (y / float64(hoursB))
	reach := interval.Z * math.Sqrt(1/x+1/y)
	return ratio, ratio * math.Exp(-reach), ratio * math.Exp(reach)
}

// judgeNoise is the false alerts of every detector, as it is installed.
func judgeNoise(all []cleanLooks) *section {
	s := &section{
		Name:   "noise",
		Title:  "False alerts a day of every detector",
		Text:   "The same worlds, defaults.",
		Header: []string{"detector", "of any severity, a day", "of medium or above, a day"},
	}
	names := all[0].usual.result.Detectors
	var total, worse tally
	for i := range names {
		var anyone, medium tally
		for _, c := range all {
			g := &c.usual.result.Detectors[i]
			anyone.add(g.Any.Count, g.Any.Days)
			medium.add(g.Alerts.Count, g.Alerts.Days)
			total.add(g.Any.Count, 0)
			worse.add(g.Alerts.Count, 0)
		}
		total.days, worse.days = anyone.days, medium.days
		s.row(names[i].Name, rateText(anyone.rate()), rateText(medium.rate()))
	}
	s.row("all", rateText(total.rate()), rateText(worse.rate()))
	return s
}

func worldsOf(all []cleanLooks) []*world {
	var out []*world
	for _, c := range all {
		out = append(out, c.world)
	}
	return out
}
