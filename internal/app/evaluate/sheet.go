package evaluate

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gatewatch/internal/app/evaluate/interval"
	"gatewatch/internal/finding"
	"gatewatch/internal/terminal/report"
)

// Write writes the evaluation for people: techniques, families, detectors and benign campaigns, and what matters
// most below them.
func (r *Result) Write(w io.Writer, layout report.Layout) error {
	for _, t := range []table{r.techniques(), groups("FAMILY", r.Families), groups("DETECTOR", r.Detectors), r.benign()} {
		if len(t.rows) == 0 {
			continue
		}
		for _, row := range t.rows {
			for i := range row {
				row[i] = report.Visible(row[i])
			}
		}
		if err := report.List(w, t.header, t.rows, layout); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	return write(w, r.summary(), layout.Width)
}

// table is rows of text below a header.
type table struct {
	header []string
	rows   [][]string
}

func (r *Result) techniques() table {
	t := table{header: []string{"TECHNIQUE", "FAMILY", "FOUND", "RECALL", "DETECTED AFTER", "P90"}}
	for i := range r.Techniques {
		g := &r.Techniques[i]
		d := &g.Detection
		t.rows = append(t.rows, []string{
			g.Name, g.Family, of(g.Recall), with(percent(g.Recall), bounds(g.Recall)),
			with(seconds(d, d.Median.Value), secondsBounds(d)), seconds(d, d.P90.Value),
		})
	}
	return t
}

func groups(title string, all []Group) table {
	t := table{header: []string{title, "TRUE", "ASIDE", "BENIGN", "FALSE", "PRECISION", "FOUND", "RECALL", "FALSE A DAY", "≥ MED"}}
	for i := range all {
		g := &all[i]
		n := g.Findings
		t.rows = append(t.rows, []string{
			g.Name, strconv.Itoa(n.True), strconv.Itoa(n.Aside), strconv.Itoa(n.Benign), strconv.Itoa(n.False),
			with(percent(g.Precision), bounds(g.Precision)), of(g.Recall), percent(g.Recall),
			with(perDay(g.Any), perDayBounds(g.Any)), perDay(g.Alerts),
		})
	}
	return t
}

func (r *Result) benign() table {
	t := table{header: []string{"BENIGN", "TIMES", "DAYS", "FALSE A DAY WHILE", "FALSE A DAY ELSE"}}
	for i := range r.Lookalikes {
		l := &r.Lookalikes[i]
		t.rows = append(t.rows, []string{
			l.Technique, strconv.Itoa(l.Campaigns), brief(l.While.Days), with(perDay(l.While), perDayBounds(l.While)),
			with(perDay(l.Else), perDayBounds(l.Else)),
		})
	}
	return t
}

// line is one line of the summary: what it says, and of what.
type line struct{ label, text string }

const labelWidth = 11

// write writes lines as the summary of a scan has them, broken between words.
func write(w io.Writer, lines []line, width int) error {
	var b strings.Builder
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		label, used := l.label, 0
		for word := range strings.FieldsSeq(report.Visible(l.text)) {
			n := utf8.RuneCountInString(word) + 1
			if used == 0 || used+n > width-labelWidth-1 {
				if used > 0 {
					b.WriteByte('\n')
				}
				fmt.Fprintf(&b, " %-*s", labelWidth, label)
				label, used = "", 0
			}
			b.WriteString(" " + word)
			used += n
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// missedShown is how many missed campaigns the summary names.
const missedShown = 20

// summary is what matters most, in lines.
func (r *Result) summary() []line {
	span := fmt.Sprintf("%s to %s UTC (%.3g days", r.From.Format(time.DateTime), r.To.Format(time.DateTime), r.Days)
	if r.Inferred {
		span += ", as labels and findings tell: --since and --until say it"
	}
	lines := []line{
		{"time span", span + ")"},
		{"attacks", fmt.Sprintf("%d of %d found: recall %s", r.All.Recall.Hits, r.Attacks, with(percent(r.All.Recall), bounds(r.All.Recall)))},
		{"findings", r.findings()},
		{"detection", r.detection()},
		{"false", r.falseAlerts(finding.Medium)},
		{"", r.falseAlerts(finding.Info)},
		{"", r.aside()},
	}
	if r.Outside != (Outside{}) {
		lines = append(lines, line{"left out", fmt.Sprintf("%d campaigns and %d findings outside the time span", r.Outside.Campaigns, r.Outside.Findings)})
	}
	return append(lines, r.missed()...)
}

func (r *Result) findings() string {
	n := r.All.Findings
	return fmt.Sprintf("%d true, %d aside, %d benign, %d false: precision %s",
		n.True, n.Aside, n.Benign, n.False, with(percent(r.All.Precision), bounds(r.All.Precision)))
}

func (r *Result) detection() string {
	d := &r.All.Detection
	if d.Count == 0 {
		return "-"
	}
	return fmt.Sprintf("%s in half of the attacks %s, %s in nine of ten", after(d.Median.Value), secondsBounds(d), after(d.P90.Value))
}

func after(v float64) string {
	if math.IsInf(v, 1) {
		return Duration(v)
	}
	return "after " + Duration(v)
}

func (r *Result) falseAlerts(least finding.Severity) string {
	a := r.AlertsOf(least)
	what := "of " + least.String() + " severity or above"
	if least == finding.Info {
		what = "of any severity"
	}
	out := fmt.Sprintf("%s alerts a day %s (%d", with(perDay(a.Rate), perDayBounds(a.Rate)), what, a.Rate.Count)
	if a.Benign > 0 {
		out += fmt.Sprintf(", of them %d on benign campaigns", a.Benign)
	}
	return out + ")"
}

func (r *Result) aside() string {
	n := r.All.Findings.Aside
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d findings aside are in none of these numbers", n)
}

// missed names the attacks that nobody told of, or says how many there are where they are too many to be read.
func (r *Result) missed() []line {
	var names []string
	for i := range r.Each {
		if c := &r.Each[i]; !c.Found {
			names = append(names, fmt.Sprintf("%s (%s)", c.ID, c.Technique))
		}
	}
	switch {
	case len(names) == 0:
		return nil
	case len(names) > missedShown:
		return []line{{"missed", fmt.Sprintf("%d attacks, which the JSON form names", len(names))}}
	default:
		return []line{{"missed", strings.Join(names, ", ")}}
	}
}

func of(s interval.Share) string { return fmt.Sprintf("%d/%d", s.Hits, s.Of) }

func with(value, interval string) string { return strings.TrimSpace(value + " " + interval) }

func percent(s interval.Share) string {
	if s.Of == 0 {
		return "-"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", 100*s.Value), ".0") + "%"
}

func bounds(s interval.Share) string {
	if s.Of == 0 {
		return ""
	}
	return fmt.Sprintf("[%.0f–%.0f]", 100*s.Low, 100*s.High)
}

func perDay(r interval.Rate) string {
	if r.Days <= 0 {
		return "-"
	}
	return brief(r.PerDay)
}

func perDayBounds(r interval.Rate) string {
	if r.Days <= 0 {
		return ""
	}
	return fmt.Sprintf("[%s–%s]", brief(r.Low), brief(r.High))
}

// brief writes a number with the two or three digits that mean something.
func brief(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

func seconds(s *interval.Spread, v float64) string {
	if s.Count == 0 {
		return "-"
	}
	return Duration(v)
}

func secondsBounds(s *interval.Spread) string {
	if s.Count < 2 {
		return ""
	}
	return fmt.Sprintf("[%s–%s]", Duration(s.Median.Low), Duration(s.Median.High))
}

// Duration writes seconds in the largest units that say something: 0.4s, 42s, 3m10s, 5h20m, 3d4h, or never.
func Duration(v float64) string {
	if math.IsInf(v, 1) {
		return "never"
	}
	const minute, hour, day = 60, 3600, 86400
	n := int64(v + 0.5)
	switch {
	case v < 9.95:
		return strconv.FormatFloat(v, 'f', 1, 64) + "s"
	case n < minute:
		return fmt.Sprintf("%ds", n)
	case n < hour:
		return pair(n, minute, "m", 1, "s")
	case n < day:
		return pair(n, hour, "h", minute, "m")
	default:
		return pair(n, day, "d", hour, "h")
	}
}

func pair(n, large int64, largeName string, small int64, smallName string) string {
	out := fmt.Sprintf("%d%s", n/large, largeName)
	if rest := n % large / small; rest > 0 {
		out += fmt.Sprintf("%d%s", rest, smallName)
	}
	return out
}
