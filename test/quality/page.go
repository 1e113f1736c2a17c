package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// The markers between which a page's tables are; what is outside of them is written by hand.
const (
	beginMark = "<!-- begin: written by make evaluate -->\n"
	endMark   = "<!-- end: written by make evaluate -->\n"
)

// splice puts tables between the markers of a page; when they are a part of all, those that are not among them stay.
func splice(page, tables []byte, part bool) ([]byte, error) {
	before, rest, ok := bytes.Cut(page, []byte(beginMark))
	if !ok {
		return nil, errors.New("there is no marker where the tables begin")
	}
	old, after, ok := bytes.Cut(rest, []byte(endMark))
	if !ok {
		return nil, errors.New("there is no marker where the tables end")
	}
	if part {
		tables = []byte(keep(string(old), string(tables)))
	}
	return bytes.Join([][]byte{before, []byte(beginMark), tables, []byte(endMark), after}, nil), nil
}

// keep is what is new, and in its place whatever is old and has not been measured anew.
func keep(old, now string) string {
	const heading = "\n### "
	title := func(section string) string { return section[:strings.IndexByte(section+"\n", '\n')] }
	sections := strings.Split(now, heading)
	out := sections[:1:1]
	fresh := map[string]string{}
	for _, s := range sections[1:] {
		fresh[title(s)] = s
	}
	for _, s := range strings.Split(old, heading)[1:] {
		if renewed, ok := fresh[title(s)]; ok {
			s = renewed
			delete(fresh, title(s))
		}
		out = append(out, s)
	}
	for _, s := range sections[1:] {
		if _, left := fresh[title(s)]; left {
			out = append(out, s)
		}
	}
	for i, s := range out {
		out[i] = strings.TrimRight(s, "\n") + "\n"
	}
	body := strings.Join(out[1:], heading) + "\n"
	missed := strings.Count(body, missedCell)
	of := strings.Count(body, heldCell) + missed
	_, more, _ := strings.Cut(out[0], "hold.")
	return fmt.Sprintf("\nOf %d limits %d hold.", of, of-missed) + more + heading + body
}

// The last cells of a limit's row.
const heldCell, missedCell = " holds |\n", " **missed** |\n"

// markdown is the tables and limits as Markdown.
func (r *report) markdown() []byte {
	var b bytes.Buffer
	missed := r.missed()
	of := 0
	for _, s := range r.Sections {
		of += len(s.Limits)
	}
	fmt.Fprintf(&b, "\nOf %d limits %d hold.", of, of-len(missed))
	if r.Quick {
		b.WriteString(" Measured quickly (`QUICK=1`): smaller worlds, and fewer of them.")
	}
	b.WriteString("\n")
	for _, s := range r.Sections {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", s.Title, s.Text)
		line(&b, s.Header)
		line(&b, strings.Split(strings.Repeat("---\n", len(s.Header)-1)+"---", "\n"))
		for _, row := range s.Rows {
			line(&b, row)
		}
		if len(s.Limits) == 0 {
			continue
		}
		b.WriteString("\n")
		line(&b, []string{"limit", "measured", ""})
		line(&b, []string{"---", "---", "---"})
		for _, l := range s.Limits {
			verdict := "holds"
			if !l.Held {
				verdict = "**missed**"
			}
			line(&b, []string{l.Want, l.Got, verdict})
		}
	}
	b.WriteString("\n")
	return b.Bytes()
}

func line(b *bytes.Buffer, cells []string) {
	b.WriteString("|")
	for _, cell := range cells {
		b.WriteString(" " + strings.ReplaceAll(cell, "|", "\\|") + " |")
	}
	b.WriteString("\n")
}
