package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"gatewatch/internal/finding"
)

// Tally is a number of things of one name.
type Tally struct {
	Name  string
	Count int64
}

// Summary is what a scan went through.
type Summary struct {
	Files    int
	Bytes    int64 // as on disk
	Lines    int64
	Events   int64
	Skipped  int64   // headers, comments, blank lines
	Outside  int64   // events outside --since and --until
	Rejected []Tally // by reason
	Formats  []Tally // events by format
	Entities []Tally // by kind
	Lost     []Tally // what limits cut off, by limit
	From, To int64   // times of the oldest and the newest event, nanoseconds since the Unix epoch; 0 when there is none
	Findings []finding.Finding
	Wall     time.Duration
	CPU      time.Duration
	Memory   int64 // peak resident memory in bytes, 0 when unknown
}

const labelWidth = 11

// Write writes the summary as a block of labelled lines.
func (s *Summary) Write(w io.Writer, layout Layout) error {
	p := painter{layout.Colour}
	var b strings.Builder
	for _, l := range s.lines(p) {
		if l.value == "" {
			continue
		}
		for i, part := range strings.Split(text.WrapSoft(l.value, layout.Width-labelWidth-2), "\n") {
			label := ""
			if i == 0 {
				label = l.label
			}
			fmt.Fprintf(&b, " %s %s\n", p.faint(text.Pad(label, labelWidth, ' ')), strings.TrimRight(part, " "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type summaryLine struct{ label, value string }

func (s *Summary) lines(p painter) []summaryLine {
	return []summaryLine{
		{"findings", p.bold(s.severities(p))},
		{"read", fmt.Sprintf("%s in %s, %s", counted(s.Lines, "line"), counted(int64(s.Files), "file"), size(s.Bytes))},
		{"events", s.events()},
		{"rejected", tallies(s.Rejected)},
		{"formats", tallies(s.Formats)},
		{"time span", s.span()},
		{"entities", tallies(s.Entities)},
		{"limits", tallies(s.Lost)},
		{"took", s.took()},
	}
}

func (s *Summary) severities(p painter) string {
	var count [finding.Critical + 1]int64
	for i := range s.Findings {
		count[min(s.Findings[i].Severity, finding.Critical)]++
	}
	var parts []string
	for sev := finding.Critical; sev >= finding.Info; sev-- {
		if n := count[sev]; n > 0 {
			parts = append(parts, p.severity(sev, fmt.Sprintf("%s %s", number(n), sev)))
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func (s *Summary) events() string {
	out := number(s.Events)
	if s.Outside > 0 {
		out += fmt.Sprintf(", and %s outside the time asked for", number(s.Outside))
	}
	if s.Skipped > 0 {
		out += fmt.Sprintf("; %s without a request skipped", counted(s.Skipped, "line"))
	}
	return out
}

func (s *Summary) span() string {
	if s.From == 0 && s.To == 0 {
		return ""
	}
	from, to := time.Unix(0, s.From).UTC(), time.Unix(0, s.To).UTC()
	return fmt.Sprintf("%s to %s UTC (%s)", from.Format(time.DateTime), to.Format(time.DateTime), duration(to.Sub(from)))
}

func (s *Summary) took() string {
	out := duration(s.Wall)
	if seconds := s.Wall.Seconds(); seconds > 0 && s.Lines > 0 {
		out += fmt.Sprintf(", %s lines/s", number(int64(float64(s.Lines)/seconds)))
	}
	if s.CPU > 0 {
		out += fmt.Sprintf("; %s of CPU time", duration(s.CPU))
	}
	if s.Memory > 0 {
		out += fmt.Sprintf(", %s of memory at most", size(s.Memory))
	}
	return out
}

func tallies(all []Tally) string {
	var parts []string
	for _, t := range all {
		if t.Count > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", number(t.Count), Visible(t.Name)))
		}
	}
	return strings.Join(parts, ", ")
}

func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}

// size writes a number of bytes in binary units.
func size(n int64) string {
	const units = "KMGT"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	v, i := float64(n)/1024, 0
	for v >= 1024 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	return fmt.Sprintf("%.1f %ciB", v, units[i])
}
