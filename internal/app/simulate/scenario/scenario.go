// Package scenario has what happens to a real site in a month and is no attack, though it looks like one: deploys that break
// links, outages, holidays, the change of the clocks, mail that everybody opens at once.
package scenario

import (
	"fmt"
	"time"

	"gatewatch/internal/app/simulate/calendar"
	"gatewatch/internal/app/simulate/campaign"
	"gatewatch/internal/app/simulate/dice"
	"gatewatch/internal/app/simulate/site"
)

// Scenario is one kind of event.
type Scenario struct {
	Name  string
	About string

	plan func(p *plan)
}

// All are all scenarios.
func All() []Scenario {
	return []Scenario{
		{"deploy", "Every Tuesday a new version loses the old names of scripts, and sometimes a part of the shop: everybody meets a 404.", deploys},
		{"outage", "A service answers 503 to nearly everybody, for some minutes, every ten days.", outages},
		{"slow_night", "The nightly backup makes all answers slower.", backups},
		{"holiday", "A weekday on which offices are empty.", holidays},
		{"clock_change", "The clocks of the site's time zone change, if they do within the time simulated.", clockChange},
		{"newsletter", "Mail to all customers: twice as many people for two hours, every week.", newsletters},
	}
}

// Config says what happens.
type Config struct {
	Seed uint64
	// Names are the scenarios.
	Names []string
	// Holidays are dates as in 2026-04-03; without any, the scenario chooses a Friday.
	Holidays []string
	Days     int
}

type plan struct {
	cfg   Config
	cal   *calendar.Calendar
	site  *site.Site
	d     dice.Dice
	made  []*campaign.Campaign
	about Scenario
}

// Plan puts scenarios into the calendar and onto the site, and returns what they will have been. It comes before anybody
// looks into the calendar.
func Plan(cfg Config, cal *calendar.Calendar, s *site.Site) ([]*campaign.Campaign, error) {
	all := map[string]Scenario{}
	for _, sc := range All() {
		all[sc.Name] = sc
	}
	var made []*campaign.Campaign
	for _, name := range cfg.Names {
		sc, ok := all[name]
		if !ok {
			return nil, fmt.Errorf("scenario %q is unknown", name)
		}
		p := &plan{cfg: cfg, cal: cal, site: s, d: dice.New(cfg.Seed, "scenario "+name, 0), about: sc}
		sc.plan(p)
		made = append(made, p.made...)
	}
	return made, nil
}

// label makes a campaign that lasts for some time, if that is within what is simulated.
func (p *plan) label(begin time.Time, lasts time.Duration) *campaign.Campaign {
	c := campaign.New(fmt.Sprintf("%s-%d", p.about.Name, len(p.made)+1), campaign.Kind{Technique: p.about.Name, Note: p.about.About})
	end := begin.Add(lasts)
	if end.After(p.cal.End) {
		end = p.cal.End
	}
	c.Lasts(begin, end)
	p.made = append(p.made, c)
	return c
}

func (p *plan) suffer(begin time.Time, lasts time.Duration, c site.Condition) {
	if !begin.Before(p.cal.End) {
		return
	}
	c.Campaign = p.label(begin, lasts)
	c.Begin, c.End = begin.UnixNano(), begin.Add(lasts).UnixNano()
	if c.Service != "" {
		c.Campaign.About("service", c.Service)
	}
	p.site.Suffer(c)
}

// deploys are on Tuesdays, when somebody is there to repair what they break.
func deploys(p *plan) {
	for day := range p.cfg.Days {
		begin := p.cal.Day(day, 14+p.d.Float64())
		if begin.Weekday() != time.Tuesday {
			continue
		}
		p.suffer(begin, 25*time.Minute, site.Condition{Service: "static", Path: "/assets/", Fail: .6, Status: 404})
		if p.d.Chance(.5) {
			p.suffer(begin, 18*time.Minute, site.Condition{Service: "web", Path: "/category/", Fail: 1, Status: 404})
		}
	}
}

func outages(p *plan) {
	services := [...]string{"orders", "catalog", "graph", "account"}
	for day := 6; day < p.cfg.Days; day += 10 {
		service := services[p.d.IntN(len(services))]
		lasts := p.d.Span(11*time.Minute, .5)
		p.suffer(p.cal.Day(day, 7+14*p.d.Float64()), lasts, site.Condition{Service: service, Fail: .85, Status: 503})
	}
}

// backups are every night: what is the same every night is normal, and not labelled.
func backups(p *plan) {
	for day := range p.cfg.Days {
		begin := p.cal.Day(day, 3.25)
		p.site.Suffer(site.Condition{Begin: begin.UnixNano(), End: begin.Add(35 * time.Minute).UnixNano(), Slow: 1.7})
	}
}

func holidays(p *plan) {
	dates := p.cfg.Holidays
	if len(dates) == 0 {
		for day := p.cfg.Days * 3 / 5; day < p.cfg.Days; day++ {
			if at := p.cal.Day(day, 0); at.Weekday() == time.Friday {
				dates = append(dates, at.Format(time.DateOnly))
				break
			}
		}
	}
	for _, date := range dates {
		day, err := time.ParseInLocation(time.DateOnly, date, p.cal.Zone)
		if err != nil || day.Before(p.cal.Begin) || !day.Before(p.cal.End) {
			continue
		}
		p.cal.Holiday(day)
		p.label(day, day.AddDate(0, 0, 1).Sub(day))
	}
}

// clockChange only says when it is: the calendar knows the zone.
func clockChange(p *plan) {
	if at, ok := p.cal.ClockChange(); ok {
		midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, p.cal.Zone)
		p.label(midnight, 48*time.Hour)
	}
}

func newsletters(p *plan) {
	for day := range p.cfg.Days {
		begin := p.cal.Day(day, 18)
		if begin.Weekday() != time.Wednesday {
			continue
		}
		p.cal.Rush(begin, 2, 2.1)
		p.label(begin, 2*time.Hour)
	}
}
