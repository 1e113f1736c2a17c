package cli

import (
	"cmp"
	"slices"

	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/app/scan"
	"gatewatch/internal/event"
	"gatewatch/internal/terminal/report"
)

// summary is the scan's result for people.
func (r *reported) summary() report.Summary {
	res := r.result
	s := report.Summary{
		Files: res.Files, Bytes: res.Bytes, Lines: res.Lines, Events: res.Events, Skipped: res.Skipped,
		Outside: res.Outside, From: res.From, To: res.To, Findings: res.Findings, Wall: r.took,
	}
	s.CPU, s.Memory = scan.Usage()
	for reason, n := range res.Rejected {
		s.Rejected = append(s.Rejected, report.Tally{Name: format.Reason(reason).String(), Count: n})
	}
	for name, n := range res.Formats {
		s.Formats = append(s.Formats, report.Tally{Name: name, Count: n})
	}
	for kind, n := range res.Entities {
		s.Entities = append(s.Entities, report.Tally{Name: event.Kind(kind).String(), Count: int64(n)})
	}
	for _, tallies := range [][]report.Tally{s.Rejected, s.Formats} {
		slices.SortFunc(tallies, func(a, b report.Tally) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
		})
	}
	s.Lost = []report.Tally{
		{Name: "entities forgotten (max_entities)", Count: int64(res.Engine.Evicted)},
		{Name: "detector states forgotten (max_states)", Count: int64(res.Engine.Lost)},
		{Name: "findings closed early (max_episodes)", Count: int64(res.Engine.Shed)},
		{Name: "findings not kept (max_findings)", Count: res.Dropped},
		{Name: "events late by more than a minute", Count: int64(res.Engine.Late)},
		{Name: "events without a client", Count: int64(res.Engine.Unkeyed)},
	}
	return s
}
