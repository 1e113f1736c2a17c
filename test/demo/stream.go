package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"

	"gatewatch/internal/finding"
	"gatewatch/internal/terminal/report"
)

// stream shows the findings that are written to it as JSON Lines. Alerts go out for those of low severity too; to show them
// as well would drown the others.
type stream struct {
	live *live
	rest []byte // of a line that has not ended
}

// live shows findings and flushes what it shows.
type live struct {
	*report.Live
	w *bufio.Writer
}

func (s screen) live() *live {
	w := bufio.NewWriter(s.w)
	return &live{report.NewLive(w, report.Layout{Width: s.Width, Colour: s.Colour}), w}
}

// Write implements io.Writer.
func (s *stream) Write(p []byte) (int, error) {
	s.rest = append(s.rest, p...)
	for {
		line, rest, ended := bytes.Cut(s.rest, []byte("\n"))
		if !ended {
			return len(p), s.live.w.Flush()
		}
		s.rest = rest
		var f finding.Finding
		if err := json.Unmarshal(line, &f); err != nil {
			return 0, fmt.Errorf("reading finding: %w", err)
		}
		if f.Severity >= finding.Medium {
			s.live.Show(&f)
		}
	}
}
