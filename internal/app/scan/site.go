package scan

import "gatewatch/internal/logfile"

// sites names the site of each source. Logs of different names come from different servers, whose paths and answers have
// nothing to do with each other; the parts of a rotated log come from one. Where all are parts of one log nothing is
// named, so that a log gives the same findings from a file, in parts and from a pipe.
func sites(sources []*logfile.Source) []string {
	names := make([]string, len(sources))
	several := false
	for i, s := range sources {
		names[i] = logfile.Series(s.Name)
		several = several || names[i] != names[0]
	}
	if !several {
		clear(names)
	}
	return names
}
