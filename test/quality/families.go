package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatewatch/internal/app/evaluate/interval"
	"gatewatch/internal/app/simulate/attack"
)

// manner is how attackers go about it.
type manner struct{ intensity, stealth string }

func (m manner) String() string { return "intensity " + m.intensity + ", stealth " + m.stealth }

var manners = [...]manner{{"1", "0"}, {"1", "0.5"}, {"0.3", "0"}, {"0.3", "0.5"}}

// contender is somebody whose findings are measured. Another one is another column beside the first's.
type contender struct {
	name     string
	settings settings
}

var contenders = [...]contender{{"gatewatch", settings{}}}

// familyDays is how long the worlds of families are.
const familyDays = 14

// planFamilies is about all attacks that have no claim of their own.
func planFamilies(p *plan) func() []*section {
	var attacks []attack.Attack
	var names []string
	for _, a := range attack.All() {
		if !elsewhere(a.Name) {
			attacks = append(attacks, a)
			names = append(names, a.Name)
		}
	}
	worlds := map[manner][]*world{}
	for _, m := range manners {
		for i := range p.size.familySeeds {
			w := p.world("attacks of all families, "+m.String(), familySeed+i, familyDays, p.size.familyClients, "--attacks", strings.Join(names, ","),
				"--repeat", strconv.Itoa(p.size.familyRepeat), "--intensity", m.intensity, "--stealth", m.stealth)
			worlds[m] = append(worlds[m], w)
			for _, c := range contenders {
				w.look(c.settings)
			}
		}
	}
	return func() []*section {
		return []*section{judgeTechniques(attacks, worlds), judgeFamilies(worlds)}
	}
}

// elsewhere tells an attack that another claim is about.
func elsewhere(name string) bool {
	for _, v := range volumes {
		if v.name == name {
			return true
		}
	}
	return strings.HasPrefix(name, "slow_boil_")
}

func judgeTechniques(attacks []attack.Attack, worlds map[manner][]*world) *section {
	s := &section{
		Name:   "techniques",
		Title:  "What is found of every other attack",
		Text:   scene(worlds[manners[0]]) + ", defaults. Intensity is how much and how fast attackers ask, stealth how far they hide.",
		Header: []string{"attack", "family"},
	}
	for _, c := range contenders {
		for _, m := range manners {
			s.Header = append(s.Header, c.name+", "+m.String())
		}
	}
	for i := range attacks {
		cells := []string{attacks[i].Name, attacks[i].Family}
		for _, c := range contenders {
			for _, m := range manners {
				a := attempts(worlds[m], c.settings, attacks[i].Name)
				took := interval.SpreadOf(a.seconds, a.of-len(a.seconds))
				cells = append(cells, fmt.Sprintf("%d/%d, %s", len(a.seconds), a.of, quantileOnly(took)))
			}
		}
		s.row(cells...)
	}
	return s
}

// pooled is one family over several worlds.
type pooled struct {
	recall, precision [2]int // hits, and of how many
	alerts            tally
}

func judgeFamilies(worlds map[manner][]*world) *section {
	s := &section{
		Name:   "families",
		Title:  "The families",
		Text:   "The same worlds. Precision is of these worlds, which have more attacks than most sites; false alerts a day are not.",
		Header: []string{"family", "attackers", "by", "recall", "precision", "false alerts a day"},
	}
	for _, m := range manners {
		for _, c := range contenders {
			s.families(m, &c, worlds[m])
		}
	}
	return s
}

func (s *section) families(m manner, c *contender, worlds []*world) {
	all := map[string]*pooled{}
	for _, w := range worlds {
		r := w.look(c.settings).result
		for i := range r.Families {
			g := &r.Families[i]
			p := all[g.Name]
			if p == nil {
				p = &pooled{}
				all[g.Name] = p
			}
			p.recall = [2]int{p.recall[0] + g.Recall.Hits, p.recall[1] + g.Recall.Of}
			p.precision = [2]int{p.precision[0] + g.Precision.Hits, p.precision[1] + g.Precision.Of}
			p.alerts.add(g.Any.Count, r.Days)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p := all[name]
		s.row(name, m.String(), c.name, shareText(interval.ShareOf(p.recall[0], p.recall[1])),
			shareText(interval.ShareOf(p.precision[0], p.precision[1])), rateText(p.alerts.rate()))
	}
}
