package main

import (
	"fmt"
	"io"
	"time"
)

// row is one budget over all months: its alerts, on what days.
type row struct {
	name        string
	budget      float64
	alerts      int
	days        int
	months      []float64 // alerts a day in each
	known       rate
	young       rate
	special     [kinds]rate // alerts on holidays and on days when clocks change, and on days like them, each of days
	likeSpecial [kinds]rate
}

// The kinds of days that are special.
const (
	holiday = iota
	change
	kinds
)

// summary is what several months show together.
type summary struct {
	rows   []row
	spread spread
}

func (s *summary) add(m *month) {
	for i, w := range m.watchers {
		if i == len(s.rows) {
			s.rows = append(s.rows, row{name: w.name, budget: w.budget})
		}
		r := &s.rows[i]
		sum := 0
		for _, n := range w.perDay {
			sum += n
		}
		r.alerts += sum
		r.days += m.days
		r.months = append(r.months, float64(sum)/float64(m.days))
		r.known.alerts += w.known.alerts
		r.young.alerts += w.young.alerts
		r.known.tests += m.spread.tests[1]
		r.young.tests += m.spread.tests[0]
		m.compare(w, r)
	}
	s.spread.merge(&m.spread)
}

// compare sets special days beside the same days of other weeks, the first week left out.
func (m *month) compare(w *watcher, r *row) {
	for day := 7; day < m.days; day++ {
		kind, special := m.special(day)
		if special {
			r.special[kind].alerts += w.perDay[day]
			r.special[kind].tests++
			continue
		}
		for kind := range kinds {
			if m.like(day, kind) {
				r.likeSpecial[kind].alerts += w.perDay[day]
				r.likeSpecial[kind].tests++
			}
		}
	}
}

// special tells what is special about a day.
func (m *month) special(day int) (kind int, so bool) {
	at := m.begin.AddDate(0, 0, day)
	for _, date := range m.holidays {
		if at.Format(time.DateOnly) == date {
			return holiday, true
		}
	}
	_, before := at.Zone()
	_, after := at.AddDate(0, 0, 1).Zone()
	return change, before != after
}

// like tells a day of the week that is special in some week.
func (m *month) like(day, kind int) bool {
	for other := range m.days {
		if k, special := m.special(other); special && k == kind && (other-day)%7 == 0 {
			return true
		}
	}
	return false
}

// per is alerts of each test.
func (r rate) per() float64 { return float64(r.alerts) / max(float64(r.tests), 1) }

func (s *summary) write(w io.Writer) {
	if len(s.rows) > 0 && len(s.rows[0].months) > 1 {
		fmt.Fprintf(w, "\nall %d months\n", len(s.rows[0].months))
		s.spread.write(w)
		s.table(w)
	}
}

func (m *month) write(w io.Writer) {
	var s summary
	s.add(m)
	fmt.Fprintf(w, "\nseed %d: %d days from %s, %d clients\n", m.seed, m.days, m.begin.Format(time.DateOnly), m.clients)
	s.spread.write(w)
	s.table(w)
	for _, v := range m.watchers {
		fmt.Fprintf(w, "%-34s by day: %v, by what: %v\n", v.name, v.perDay, v.byWhat)
	}
}

func (s *summary) table(w io.Writer) {
	fmt.Fprintf(w, "%-34s %9s %8s %11s %9s %9s  %s\n", "false alerts accepted", "a day", "/budget", "new/known", "holiday", "clock", "months")
	for i := range s.rows {
		r := &s.rows[i]
		perDay := float64(r.alerts) / float64(r.days)
		fmt.Fprintf(w, "%-34s %9.2f %8.2f %11.2f %9.2f %9.2f  %.2f\n", r.name, perDay, perDay/r.budget, r.young.per()/max(r.known.per(), 1e-9),
			r.special[holiday].per()/max(r.likeSpecial[holiday].per(), 1e-9), r.special[change].per()/max(r.likeSpecial[change].per(), 1e-9), r.months)
	}
}
