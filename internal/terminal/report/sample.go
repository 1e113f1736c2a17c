package report

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"gatewatch/internal/event"
)

// sample writes one event as one line: when, the status, what was asked for, by which program.
func (t *findingsTable) sample(e *event.Event) string {
	const indent = severityWidth + 3
	clock, status := e.When().Format("15:04:05"), "  –"
	if e.Has(event.FieldStatus) {
		status = fmt.Sprintf("%3d", e.Status)
	}
	free := t.layout.Width - indent - len(clock) - len(status) - 5
	agent := Visible(e.UserAgent)
	wide := min(text.StringWidth(agent), free*2/5)
	line := fmt.Sprintf("%s%s  %s  ", strings.Repeat(" ", indent), t.faint(clock), t.status(e.Status, status))
	if agent == "" {
		return line + fit(request(e), free) + "\n"
	}
	return line + pad(request(e), free-wide) + " " + t.faint(fit(agent, wide)) + "\n"
}

// request is what the client asked for, in one text.
func request(e *event.Event) string {
	if e.Method == "" && e.RequestLine != "" {
		return Visible(e.RequestLine)
	}
	target := e.Path
	if target == "" {
		target = e.Route
	}
	if e.Query != "" {
		target += "?" + e.Query
	}
	return Visible(strings.TrimSpace(e.Method + " " + target))
}
