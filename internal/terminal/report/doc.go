// Package report shows findings and what a scan went through: as a table for people, and as JSON Lines, OCSF and CSV for
// programs. It decides nothing; what it is given, it shows, worst first as it comes.
package report

// Layout is how text for people is laid out.
type Layout struct {
	// Width is the number of columns to fit into.
	Width int
	// Colour allows ANSI colours.
	Colour bool
	// Samples is how many of the log's lines are shown below each finding.
	Samples int
	// Limit is how many findings the table shows; 0 is all of them.
	Limit int
}
