package report

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"gatewatch/internal/finding"
)

// painter colours text, or leaves it.
type painter struct{ on bool }

func (p painter) paint(s string, c ...text.Color) string {
	if !p.on {
		return s
	}
	return text.Colors(c).Sprint(s)
}

func (p painter) bold(s string) string  { return p.paint(s, text.Bold) }
func (p painter) faint(s string) string { return p.paint(s, text.Faint) }

// severity writes a severity in upper case, so that it stands out without colour too.
func (p painter) severity(s finding.Severity, label string) string {
	switch s {
	case finding.Critical:
		return p.paint(label, text.BgRed, text.FgHiWhite, text.Bold)
	case finding.High:
		return p.paint(label, text.FgHiRed, text.Bold)
	case finding.Medium:
		return p.paint(label, text.FgHiYellow, text.Bold)
	case finding.Low:
		return p.paint(label, text.FgHiCyan)
	default:
		return p.paint(label, text.Faint)
	}
}

// status colours an HTTP status by its class.
func (p painter) status(code int32, label string) string {
	switch code / 100 {
	case 2:
		return p.paint(label, text.FgGreen)
	case 3:
		return p.paint(label, text.FgCyan)
	case 4:
		return p.paint(label, text.FgYellow)
	case 5:
		return p.paint(label, text.FgRed)
	default:
		return label
	}
}

func severityLabel(s finding.Severity) string { return strings.ToUpper(s.String()) }
