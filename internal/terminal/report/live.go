package report

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"gatewatch/internal/finding"
)

// maxOpen bounds what Live remembers of open findings. What is forgotten is shown once more at most.
const maxOpen = 1 << 14

// Live shows findings as they come: when they open, when they get worse, and when they close. The writer tells of errors
// when it is flushed.
type Live struct {
	painter
	w      *bufio.Writer
	layout Layout
	open   map[string]finding.Severity
}

// NewLive makes a Live.
func NewLive(w *bufio.Writer, layout Layout) *Live {
	return &Live{painter: painter{layout.Colour}, w: w, layout: layout, open: map[string]finding.Severity{}}
}

// Show shows a finding, unless it brings nothing new.
func (l *Live) Show(f *finding.Finding) {
	before, known := l.open[f.ID]
	what := "opened"
	switch {
	case f.Activity == finding.Close:
		delete(l.open, f.ID)
		what = "closed"
	case known && f.Severity <= before:
		return
	case known:
		what = "worse"
	}
	if f.Activity != finding.Close {
		if len(l.open) >= maxOpen {
			clear(l.open)
		}
		l.open[f.ID] = f.Severity
	}
	l.line(f, what)
	if f.Activity == finding.Close {
		return
	}
	const indent = 28 // below the title
	for line := range strings.SplitSeq(text.WrapSoft(evidence(f), max(l.layout.Width-indent, 30)), "\n") {
		fmt.Fprintf(l.w, "%s%s\n", strings.Repeat(" ", indent), l.faint(strings.TrimRight(line, " ")))
	}
}

// line is a finding's time, severity, fate, title, entity and size.
func (l *Live) line(f *finding.Finding, what string) {
	at := time.Unix(0, f.LastSeen).UTC().Format("15:04:05")
	mark := l.severity(f.Severity, severityLabel(f.Severity))
	title := Visible(f.Title)
	if what == "closed" {
		mark, title = l.faint(severityLabel(f.Severity)), l.faint(title)
	}
	pad := strings.Repeat(" ", max(severityWidth-len(severityLabel(f.Severity)), 0))
	fmt.Fprintf(l.w, "%s  %s%s  %s  %s  %s", l.faint(at), mark, pad, text.Pad(what, 6, ' '), title, l.bold(fit(Visible(f.Entity.Value), 60)))
	if what == "closed" {
		fmt.Fprint(l.w, l.faint(fmt.Sprintf("  %s events in %s", number(f.Count), duration(time.Duration(f.LastSeen-f.FirstSeen)))))
	}
	fmt.Fprintln(l.w)
}
