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

// splice puts tables between the markers of a page.
func splice(page, tables []byte) ([]byte, error) {
	before, rest, ok := bytes.Cut(page, []byte(beginMark))
	if !ok {
		return nil, errors.New("there is no marker where the tables begin")
	}
	_, after, ok := bytes.Cut(rest, []byte(endMark))
	if !ok {
		return nil, errors.New("there is no marker where the tables end")
	}
	return bytes.Join([][]byte{before, []byte(beginMark), tables, []byte(endMark), after}, nil), nil
}

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
