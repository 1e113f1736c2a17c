// Package attack plans attacks on the simulated site, each with the truth about it: who attacked what, how, from when to
// when. What detectors think of them is not known here.
package attack

import (
	"fmt"
	"slices"
	"time"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/campaign"
	"gatewatch/internal/app/simulate/crowd"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/internet"
	"gatewatch/internal/app/simulate/scene"
	"gatewatch/internal/label"
)

// Attack is one attack that can be planned.
type Attack struct {
	Name   string
	Family string
	About  string // what happens, in a sentence

	technique string // the name, where several attacks are of one
	slow      bool
	daylight  bool // only while people are awake: at night nobody misses anything
	lasts     time.Duration
	plan      func(p *plan)
}

// The families.
const (
	volume     = "volume"
	credential = "credential_attack"
	recon      = "reconnaissance"
	enumerates = "enumeration"
	injects    = "injection"
	bot        = "bot"
	misuse     = "misuse"
)

// All are all attacks.
func All() []Attack {
	return slices.Concat(floods(), boils(), leaks(), disorders(), logins(), accounts(), payments(), scans(), walks(), bots(), misuses())
}

// Config says which attacks there are, and how they are made.
type Config struct {
	Seed uint64
	// Names are the attacks.
	Names []string
	// Repeat is how often each is planned, at other times and by others.
	Repeat int
	// Intensity multiplies how much and how fast: 1 is usual.
	Intensity float64
	// Stealth, from 0 to 1, makes attackers slower, less regular, and more like everybody else.
	Stealth float64
	// Quiet is how many days pass before the first.
	Quiet int
}

// World is what attackers find.
type World struct {
	Scene    *scene.Scene
	Crowd    *crowd.Crowd
	Calendar *calendar.Calendar
}

// Plan plans attacks, and returns the campaigns that they will have been.
func Plan(cfg Config, w World) ([]*campaign.Campaign, error) {
	var out []*campaign.Campaign
	pool := internet.NewPool()
	all := All()
	for _, name := range cfg.Names {
		i := slices.IndexFunc(all, func(a Attack) bool { return a.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("attack %q is unknown", name)
		}
		for n := range cfg.Repeat {
			p := &plan{World: w, cfg: cfg, pool: pool, d: dice.New(cfg.Seed, "attack "+name, n)}
			p.begin = p.when(&all[i], n)
			p.campaign = campaign.New(fmt.Sprintf("%s-%d", name, n+1), kindOf(&all[i]))
			all[i].plan(p)
			out = append(out, p.campaign)
		}
	}
	return out, nil
}

func kindOf(a *Attack) campaign.Kind {
	technique := a.technique
	if technique == "" {
		technique = a.Name
	}
	return campaign.Kind{Attack: true, Family: a.Family, Technique: technique, Slow: a.slow, Note: a.About}
}

// when is when an attack begins: any time after the quiet days from which on it can end, and on the first of these days
// when it lasts longer than there is. Each repetition has its own part of that time, and some hours of it stay free, so that
// what is done again is not taken for what was done before.
func (p *plan) when(a *Attack, n int) time.Time {
	from, until := p.Calendar.Day(p.cfg.Quiet, 0), p.Calendar.End.Add(-a.lasts)
	span := max(until.Sub(from), min(24*time.Hour, p.Calendar.End.Sub(from)/2))
	part := span / time.Duration(p.cfg.Repeat)
	begin := from.Add(time.Duration(n)*part + time.Duration(p.d.Int64N(int64(part*7/10)))).Truncate(time.Millisecond)
	if hour := begin.In(p.Calendar.Zone).Hour(); a.daylight && (hour < wake || hour >= sleep) {
		local := begin.In(p.Calendar.Zone)
		begin = time.Date(local.Year(), local.Month(), local.Day(), p.d.Between(wake, sleep-1), p.d.IntN(60), 0, 0, p.Calendar.Zone)
	}
	return begin
}

const (
	wake  = 8
	sleep = 21
)

// Labels are the truth about campaigns that began before a time, in the order in which they began.
func Labels(of []*campaign.Campaign, until time.Time) []label.Label {
	var out []label.Label
	for _, c := range of {
		l, happened := c.Label()
		if !happened || !l.Begin.Before(until) {
			continue
		}
		if l.End.After(until) {
			l.End = until.UTC()
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b label.Label) int { return a.Begin.Compare(b.Begin) })
	return out
}
