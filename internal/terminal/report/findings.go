package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// Columns that do not depend on the width of the screen: the longest severity, a time with its span, and a count.
const (
	severityWidth = 8
	whenWidth     = 19
	countWidth    = 9
	gaps          = 2*4 + 1
)

// findingsTable is one table of findings being written.
type findingsTable struct {
	painter
	layout Layout
	who    int // width of the column of entities
	what   int
}

// Findings writes the findings as a table, one block for each entity: what was found about it, the numbers that speak for
// it, and lines of the log. The entities come in the order of the first of their findings.
func Findings(w io.Writer, all []finding.Finding, layout Layout) error {
	t := findingsTable{painter: painter{layout.Colour}, layout: layout}
	free := layout.Width - severityWidth - whenWidth - countWidth - gaps
	t.who = min(max(free*9/20, 15), 24)
	t.what = max(free-t.who, 12)
	shown := all
	if layout.Limit > 0 && len(all) > layout.Limit {
		shown = all[:layout.Limit]
	}
	var b strings.Builder
	b.WriteString(t.bold(t.row("SEVERITY", "WHO", "WHAT", "WHEN (UTC)", "EVENTS")))
	rule := t.faint(strings.Repeat("─", layout.Width)) + "\n"
	for _, about := range byEntity(shown) {
		b.WriteString(rule)
		for i, f := range about {
			who := ""
			if i == 0 {
				who = t.bold(fit(Visible(f.Entity.Value), 2*t.who))
			}
			t.finding(&b, f, who)
		}
	}
	b.WriteString(rule)
	if rest := len(all) - len(shown); rest > 0 {
		fmt.Fprintf(&b, " %s\n", t.faint(fmt.Sprintf("… and %s more, none of them worse: --limit 0 shows all", number(int64(rest)))))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// byEntity puts the findings about one entity together and keeps the order otherwise.
func byEntity(all []finding.Finding) [][]*finding.Finding {
	var out [][]*finding.Finding
	place := map[event.Entity]int{}
	for i := range all {
		at, known := place[all[i].Entity]
		if !known {
			at = len(out)
			place[all[i].Entity] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], &all[i])
	}
	return out
}

// row lays five cells out side by side; cells that do not fit wrap.
func (t *findingsTable) row(severity, who, what, when, count string) string {
	tw := table.NewWriter()
	tw.SetStyle(table.Style{Box: table.BoxStyle{PaddingLeft: " ", PaddingRight: " "}, Options: table.OptionsNoBordersAndSeparators})
	tw.SetColumnConfigs([]table.ColumnConfig{
		fixed(1, severityWidth, text.AlignLeft), fixed(2, t.who, text.AlignLeft), fixed(3, t.what, text.AlignLeft),
		fixed(4, whenWidth, text.AlignLeft), fixed(5, countWidth, text.AlignRight),
	})
	tw.AppendRow(table.Row{severity, who, what, when, count})
	var b strings.Builder
	for line := range strings.Lines(tw.Render() + "\n") {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

func fixed(n, width int, align text.Align) table.ColumnConfig {
	return table.ColumnConfig{
		Number: n, WidthMin: width, WidthMax: width, Align: align, WidthMaxEnforcer: wrap,
	}
}

// wrap breaks a cell between words, and within those that are too long, such as addresses.
func wrap(s string, width int) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		lines = append(lines, text.WrapSoft(line, width))
	}
	return strings.Join(lines, "\n")
}

func (t *findingsTable) finding(b *strings.Builder, f *finding.Finding, who string) {
	b.WriteString(t.row(
		t.severity(f.Severity, severityLabel(f.Severity)), who, Visible(f.Title), span(f.FirstSeen, f.LastSeen), number(f.Count),
	))
	t.block(b, "why", evidence(f), nil)
	t.block(b, "tags", tags(f), []text.Color{text.Faint})
	for i := range f.Samples {
		// The last sample is the one that raised the severity, if any did.
		if i < t.layout.Samples-1 || i == len(f.Samples)-1 && t.layout.Samples > 0 {
			b.WriteString(t.sample(&f.Samples[i]))
		}
	}
}

// block writes a labelled text below a finding, wrapped under itself.
func (t *findingsTable) block(b *strings.Builder, label, s string, colours []text.Color) {
	if s == "" {
		return
	}
	const indent = severityWidth + 3
	lines := strings.Split(text.WrapSoft(s, t.layout.Width-indent-1), "\n")
	for i, line := range lines {
		head := ""
		if i == 0 {
			head = label
		}
		fmt.Fprintf(b, "%s%s\n", t.faint(text.Pad(" "+strings.Repeat(" ", severityWidth-len(label))+head, indent, ' ')),
			t.paint(strings.TrimRight(line, " "), colours...))
	}
}

// span is when something was seen, in as few characters as say it.
func span(first, last int64) string {
	from, to := time.Unix(0, first).UTC(), time.Unix(0, last).UTC()
	took := duration(to.Sub(from))
	switch {
	case to.Sub(from) < time.Second:
		return from.Format("2006-01-02 15:04:05")
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return from.Format("2006-01-02 15:04:05") + "\n" + "for " + took
	default:
		return from.Format("2006-01-02 15:04") + "\nto " + to.Format("2006-01-02 15:04") + "\nfor " + took
	}
}

// duration rounds a span to its two largest units.
func duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return units(d/day, "d", d%day/time.Hour, "h")
	case d >= time.Hour:
		return units(d/time.Hour, "h", d%time.Hour/time.Minute, "m")
	case d >= time.Minute:
		return units(d/time.Minute, "m", d%time.Minute/time.Second, "s")
	case d >= 10*time.Second:
		return fmt.Sprintf("%ds", d/time.Second)
	case d >= time.Second:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + "s"
	default:
		return d.Round(time.Millisecond).String()
	}
}

func units(big time.Duration, bigUnit string, small time.Duration, smallUnit string) string {
	if small == 0 {
		return fmt.Sprintf("%d%s", big, bigUnit)
	}
	return fmt.Sprintf("%d%s %d%s", big, bigUnit, small, smallUnit)
}

// factGap is between two facts.
const factGap = " · "

// evidence is the numbers that speak for a finding.
func evidence(f *finding.Finding) string {
	var parts []string
	for _, n := range f.Evidence {
		parts = append(parts, strings.ReplaceAll(Visible(n.Name), "_", " ")+" "+measure(n.Value))
	}
	if b := f.Baseline; b != nil {
		parts = append(parts, fmt.Sprintf("observed %s where %s is normal (%s to %s)",
			measure(b.Observed), measure(b.Expected), measure(b.Low), measure(b.High)))
	}
	parts = append(parts, fmt.Sprintf("confidence %.0f %%", f.Confidence*100))
	return strings.Join(parts, factGap)
}

// tags are where to read on.
func tags(f *finding.Finding) string {
	parts := []string{f.Detector}
	for _, ids := range [][]string{f.Attack, f.OWASP, f.OAT} {
		parts = append(parts, ids...)
	}
	if f.Service != "" {
		parts = append(parts, "service "+Visible(f.Service))
	}
	return strings.Join(parts, " · ")
}
