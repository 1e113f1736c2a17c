package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"gatewatch/internal/event"
	"gatewatch/internal/finding"
)

// JSON writes one finding a line, as schemas/finding/v1 has it. Equal findings give equal bytes.
func JSON(w io.Writer, all []finding.Finding) error {
	return records(w, all, func(f *finding.Finding) ([]byte, error) { return json.Marshal(f) })
}

// OCSF writes one OCSF Detection Finding a line.
func OCSF(w io.Writer, all []finding.Finding, p finding.Product) error {
	return records(w, all, func(f *finding.Finding) ([]byte, error) { return f.OCSF(p) })
}

func records(w io.Writer, all []finding.Finding, encode func(*finding.Finding) ([]byte, error)) error {
	b := bufio.NewWriter(w)
	for i := range all {
		f := withoutOrigin(&all[i])
		line, err := encode(&f)
		if err != nil {
			return fmt.Errorf("encoding finding %s: %w", f.ID, err)
		}
		if _, err := b.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return b.Flush()
}

// withoutOrigin takes the samples' origins off: an event id names a record of a topic, and a line of a file is none. So a
// log gives the same bytes wherever it lies.
func withoutOrigin(f *finding.Finding) finding.Finding {
	c := *f
	c.Samples = make([]event.Event, len(f.Samples))
	for i := range f.Samples {
		c.Samples[i] = f.Samples[i]
		c.Samples[i].Origin = event.Origin{}
	}
	return c
}

var csvHeader = []string{
	"severity", "detector", "title", "entity_type", "entity", "service", "first_seen", "last_seen", "count", "score",
	"confidence", "evidence", "attack", "owasp", "oat", "sample", "sample_status", "sample_user_agent", "id",
}

// CSV writes the findings as RFC 4180 has it, with a header. Cells that a spreadsheet would take for a formula get an
// apostrophe in front.
func CSV(w io.Writer, all []finding.Finding) error {
	// encoding/csv ends lines with a line feed unless told; the RFC wants both.
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(csvHeader); err != nil {
		return err
	}
	for i := range all {
		if err := c.Write(csvRow(&all[i])); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func csvRow(f *finding.Finding) []string {
	var first event.Event
	if len(f.Samples) > 0 {
		first = f.Samples[0]
	}
	row := []string{
		f.Severity.String(), f.Detector, f.Title, f.Entity.Kind.String(), f.Entity.Value, f.Service,
		rfc3339(f.FirstSeen), rfc3339(f.LastSeen), strconv.FormatInt(f.Count, 10), decimal(f.Score), decimal(f.Confidence),
		csvEvidence(f), strings.Join(f.Attack, " "), strings.Join(f.OWASP, " "), strings.Join(f.OAT, " "),
		request(&first), strconv.Itoa(int(first.Status)), first.UserAgent, f.ID,
	}
	for i := range row {
		row[i] = cell(row[i])
	}
	return row
}

func csvEvidence(f *finding.Finding) string {
	parts := make([]string, 0, len(f.Evidence))
	for _, n := range f.Evidence {
		parts = append(parts, n.Name+"="+decimal(n.Value))
	}
	return strings.Join(parts, "; ")
}

// cell makes a text safe in a spreadsheet and on a terminal.
func cell(s string) string {
	s = Visible(s)
	if s != "" && strings.IndexByte("=+-@", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

func rfc3339(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339Nano) }

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
