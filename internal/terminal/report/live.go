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
}

// The columns of a line. A title or an entity that is longer pushes what follows to the right.
const (
	fateWidth   = 6
	titleWidth  = 25 // most titles
	entityWidth = 17 // most networks
	whyColumn   = 8 + severityWidth + fateWidth + titleWidth + entityWidth + 5*2
	leastWhy    = 24 // less room than that is not worth a column
)

// line is a finding's time, severity, fate, title, entity, and what speaks for it: as much as there is room for, and on a
// narrow screen in a line of its own.
func (l *Live) line(f *finding.Finding, what string) {
	label, title := severityLabel(f.Severity), Visible(f.Title)
	padding := strings.Repeat(" ", max(severityWidth-len(label), 0))
	mark, why := l.severity(f.Severity, label), evidence(f)
	name := pad(title, max(titleWidth, text.StringWidth(title)))
	if f.Activity == finding.Close {
		mark, name = l.faint(label), l.faint(name)
		why = fmt.Sprintf("%s events in %s", number(f.Count), duration(time.Duration(f.LastSeen-f.FirstSeen)))
	}
	at := time.Unix(0, f.LastSeen).UTC().Format(time.TimeOnly)
	who := fit(Visible(f.Entity.Value), 60)
	fmt.Fprintf(l.w, "%s  %s%s  %s  %s  %s", l.faint(at), mark, padding, text.Pad(what, fateWidth, ' '), name, l.bold(who))
	used := whyColumn + max(text.StringWidth(title)-titleWidth, 0)
	if room := l.layout.Width - max(used, used-entityWidth+text.StringWidth(who)); room >= leastWhy {
		fmt.Fprintf(l.w, "%s  %s\n", strings.Repeat(" ", max(entityWidth-text.StringWidth(who), 0)), l.faint(facts(why, room)))
		return
	}
	const indent = 8 + severityWidth + fateWidth + 3*2 // below the title
	fmt.Fprintf(l.w, "\n%s%s\n", strings.Repeat(" ", indent), l.faint(facts(why, l.layout.Width-indent)))
}

// facts cuts what speaks for a finding between two facts, so that no number loses its digits.
func facts(why string, width int) string {
	if text.StringWidth(why) <= width {
		return why
	}
	kept := ""
	for fact := range strings.SplitSeq(why, factGap) {
		longer := kept + fact + factGap
		if text.StringWidth(longer)+1 > width {
			break
		}
		kept = longer
	}
	if kept == "" {
		return fit(why, width)
	}
	return kept + "…"
}
