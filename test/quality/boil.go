package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/interval"
)

// growths are the per cent that partners ask for more every day.
var growths = [...]int{2, 5, 10, 20}

// boiled is at how many times its first level growth must have been reported.
const boiled = 5

// planBoil is about partners who ask for a little more every day.
func planBoil(p *plan) func() []*section {
	var names []string
	for _, percent := range growths {
		names = append(names, boilName(percent))
	}
	var worlds []*world
	for i := range p.size.boilSeeds {
		w := p.world("months of slow growth", boilSeed+i, p.size.boilDay, p.size.boilClients,
			"--attacks", strings.Join(names, ","), "--repeat", strconv.Itoa(p.size.boilRepeat))
		w.look(settings{})
		worlds = append(worlds, w)
	}
	return func() []*section {
		s := &section{
			Name:  "boil",
			Title: "Slow growth",
			Text: scene(worlds) + ", defaults. The level is what it grew to, in terms of its first one, by the time at which the first finding opened. " +
				"Growth that was not reported and had not come to five times when the world ended is left out.",
			Header: []string{"growth a day", "partners", "reported before 5×", "level when reported, median", "90 %", "most", "left out"},
		}
		for _, percent := range growths {
			s.boil(percent, worlds)
		}
		return []*section{s}
	}
}

func boilName(percent int) string { return "slow_boil_" + strconv.Itoa(percent) }

func (s *section) boil(percent int, worlds []*world) {
	var levels []float64
	leftOut := 0
	for _, w := range worlds {
		r := w.look(settings{}).result
		for i := range r.Each {
			c := &r.Each[i]
			if !strings.HasPrefix(c.ID, boilName(percent)+"-") {
				continue
			}
			level, judged := levelOf(c, percent, r)
			if !judged {
				leftOut++
				continue
			}
			levels = append(levels, level)
		}
	}
	slices.Sort(levels)
	before := 0
	for _, level := range levels {
		before += at(level < boiled)
	}
	share := interval.ShareOf(before, len(levels))
	s.row(fmt.Sprintf("%d %%", percent), strconv.Itoa(len(levels)), shareText(share), times(levels, .5), times(levels, .9), times(levels, 1), strconv.Itoa(leftOut))
	s.limit(fmt.Sprintf("%d %% a day: each reported before %d times the first level", percent, boiled),
		fmt.Sprintf("%d of %d", before, len(levels)), before == len(levels) && before > 0)
}

// levelOf is what the growth had come to when it was reported, infinite if it never was; false if it cannot be judged,
// for the world ended too soon.
func levelOf(c *evaluate.Campaign, percent int, r *evaluate.Result) (level float64, judged bool) {
	after := func(seconds float64) float64 { return math.Pow(1+float64(percent)/100, seconds/86400) }
	if c.Found {
		return after(c.Seconds), true
	}
	return math.Inf(1), after(r.To.Sub(c.Begin).Seconds()) >= boiled
}

// times is a quantile of levels in ascending order.
func times(levels []float64, p float64) string {
	if len(levels) == 0 {
		return "–"
	}
	v := levels[min(int(p*float64(len(levels))), len(levels)-1)]
	if math.IsInf(v, 1) {
		return "never"
	}
	return number(v) + "×"
}
