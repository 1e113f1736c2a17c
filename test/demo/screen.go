package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"gatewatch/internal/terminal"
)

// screen is where the demonstration is shown.
type screen struct {
	terminal.Screen

	w io.Writer
}

func (s screen) paint(t string, c ...text.Color) string {
	if !s.Colour {
		return t
	}
	return text.Colors(c).Sprint(t)
}

func (s screen) heading(t string) { fmt.Fprintf(s.w, "\n%s\n", s.paint(t, text.Bold)) }

// intro says what is about to be seen.
func (s screen) intro(lines int) {
	s.heading(fmt.Sprintf("Playing %d lines of nginx, Apache, HAProxy and Caddy under attack", lines))
	fmt.Fprint(s.w, `  recordings ─► Kafka ─► ingest ─► Kafka ─► detector ─┬─► ClickHouse
                                                      └─► NATS ─► alerter ─► webhook
`)
	s.heading("Findings of medium severity or above, as they open and get worse")
}

// outro says where to look while everything stays up.
func (s screen) outro(p ports) {
	s.heading("Everything stays up until Ctrl-C")
	fmt.Fprintf(s.w, "  ask      curl http://127.0.0.1:%d/ --data-binary \\\n             'SELECT status, count() FROM gatewatch.events GROUP BY 1'\n", p.http)
	fmt.Fprintf(s.w, "  listen   kcat -C -b 127.0.0.1:%d -t gatewatch.findings.v1\n", p.kafka)
	fmt.Fprintf(s.w, "  send     kcat -P -b 127.0.0.1:%d -t %s -l access.log\n", p.kafka, topic)
}

// answer shows a question and its answer; the last column gives way where the screen is narrow.
func (s screen) answer(q question, a answer) {
	s.heading(q.title)
	fmt.Fprintln(s.w, s.paint(q.sql, text.Faint))
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.Style().Format.Header = text.FormatDefault
	head := make(table.Row, len(a.columns))
	configs := make([]table.ColumnConfig, len(a.columns))
	used := 1
	for i, name := range a.columns {
		head[i] = s.paint(name, text.Bold)
		configs[i] = table.ColumnConfig{Number: i + 1, Align: text.AlignLeft}
		if numbers(a, i) {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
		if i < len(a.columns)-1 {
			used += width(a, i) + 3
		}
	}
	last := &configs[len(configs)-1]
	last.WidthMax, last.WidthMaxEnforcer = max(s.Width-used-3, 10), text.WrapSoft
	w.SetColumnConfigs(configs)
	w.AppendHeader(head)
	for _, r := range a.rows {
		row := make(table.Row, len(r))
		for i, c := range r {
			row[i] = c
		}
		w.AppendRow(row)
	}
	fmt.Fprintln(s.w, w.Render())
}

// numbers tells a column of nothing else.
func numbers(a answer, column int) bool {
	for _, r := range a.rows {
		if _, err := strconv.ParseInt(r[column], 10, 64); err != nil {
			return false
		}
	}
	return true
}

func width(a answer, column int) int {
	n := text.StringWidth(a.columns[column])
	for _, r := range a.rows {
		n = max(n, text.StringWidth(r[column]))
	}
	return n
}

// verdict is what came of it: green where it is as it should be.
func (s screen) verdict(v *verdict, sent, first time.Duration) {
	s.heading("Verdict")
	line := func(name string, n, want int, note string) {
		colour := text.FgGreen
		if n != want {
			colour = text.FgRed
		}
		fmt.Fprintf(s.w, "  %-22s %s  %s\n", name, s.paint(fmt.Sprintf("%7d", n), colour, text.Bold), note)
	}
	missed, untold := v.missed()
	all := v.attackers()
	line("lines sent to Kafka", v.lines, v.lines, "in "+sent.Round(time.Millisecond).String())
	line("events in ClickHouse", v.rows, v.lines, fmt.Sprintf("%d different", v.ids))
	line("attackers found", all-len(missed), all, fmt.Sprintf("of %d", all))
	line("attackers alerted", all-len(untold), all, fmt.Sprintf("of %d, in %d alerts; the first %s after the first line",
		all, v.alerts, first.Round(time.Millisecond)))
	line("falsely accused", len(v.accused()), 0, fmt.Sprintf("of %d", len(v.actors)-all))
}
