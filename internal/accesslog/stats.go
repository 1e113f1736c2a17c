package accesslog

import "gatewatch/internal/accesslog/format"

// Stats count what became of the lines of one source: every line is an event, skipped or rejected.
type Stats struct {
	Records  uint64 // calls of Decode
	Lines    uint64 // lines in them, after all envelopes were opened
	Events   uint64
	Skipped  uint64 // blank lines, headers, comments, records of another kind
	Rejected [format.Reasons]uint64
	// Formats are the events by the name of their format; events that an OTLP record's attributes describe are "otlp".
	Formats map[string]uint64
}

// RejectedTotal is the number of lines rejected for any reason.
func (s *Stats) RejectedTotal() uint64 {
	var n uint64
	for _, v := range s.Rejected {
		n += v
	}
	return n
}

// formatOTLP is the format of events that an envelope described.
const formatOTLP = "otlp"

// Stats are the counts so far.
func (d *Decoder) Stats() Stats {
	s := d.stats
	s.Formats = make(map[string]uint64)
	for i := range d.formats {
		if f := &d.formats[i]; f.events > 0 {
			s.Formats[f.Name] += f.events
		}
	}
	if d.otlpEvents > 0 {
		s.Formats[formatOTLP] = d.otlpEvents
	}
	return s
}
