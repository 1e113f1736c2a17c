package scan

import (
	"gatewatch/internal/accesslog"
	"gatewatch/internal/accesslog/format"
	"gatewatch/internal/detect"
	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// Result is what came of a scan.
type Result struct {
	// Findings are the final revisions of the findings, the worst first.
	Findings []finding.Finding
	// Dropped is how many findings there were beyond Config.MaxFindings, none of them worse than those kept.
	Dropped int64

	Files    int
	Bytes    int64 // read from disk
	Lines    int64 // lines of the files; one that is an envelope around several counts once
	Events   int64 // events folded
	Outside  int64 // events outside Since and Until
	Skipped  int64 // lines without a request
	Rejected [format.Reasons]int64
	Formats  map[string]int64 // events by format
	From, To int64            // times of the oldest and the newest event folded
	Entities [event.Kinds]int // entities remembered at the end
	Engine   detect.Counts
}

// count adds what came of one file.
func (s *Scan) count(stats accesslog.Stats, lines, bytes int64) {
	r := &s.result
	r.Lines += lines
	r.Bytes += bytes
	r.Skipped += int64(stats.Skipped)
	for reason, n := range stats.Rejected {
		r.Rejected[reason] += int64(n)
	}
	for name, n := range stats.Formats {
		r.Formats[name] += int64(n)
	}
}

func (s *Scan) finish(files int) {
	s.found.cut()
	r := &s.result
	r.Findings, r.Dropped, r.Files = s.found.all, s.found.dropped, files
	r.Engine = s.engine.Counts()
	second := s.second.Counts()
	r.Engine.Findings += second.Findings
	r.Engine.Evicted += second.Evicted
	r.Engine.Lost += second.Lost
	r.Engine.Shed += second.Shed
	for k := range event.Kinds {
		r.Entities[k] = max(s.engine.Entities(event.Kind(k)), s.second.Entities(event.Kind(k)))
	}
}
