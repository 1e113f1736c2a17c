package main

import (
	"fmt"
	"strings"
)

// labels are what every detector says of itself, in this order.
var labels = [...]string{
	"Signal", "Formula", "Window", "Defaults", "State", "ATT&CK", "OWASP", "Benign", "Blind to",
}

// split takes a doc comment apart into what stands before the first label, and the labels' texts.
func split(lines []string) (intro string, sections []section, err error) {
	var text []string
	end := func() error {
		joined := oneLine(strings.Join(text, " "))
		text = nil
		if len(sections) == 0 {
			intro = joined
			return nil
		}
		last := &sections[len(sections)-1]
		if last.text = joined; joined == "" {
			return fmt.Errorf("label %q says nothing", last.label)
		}
		return nil
	}
	for n, line := range lines {
		label, rest, ok := labelOf(line)
		if !ok {
			text = append(text, line)
			continue
		}
		if err := end(); err != nil {
			return "", nil, err
		}
		if len(sections) == len(labels) || labels[len(sections)] != label {
			return "", nil, fmt.Errorf("line %d of the comment: label %q is out of order, %s", n+1, label, next(len(sections)))
		}
		sections = append(sections, section{label: label})
		text = append(text, rest)
	}
	if err := end(); err != nil {
		return "", nil, err
	}
	if len(sections) < len(labels) {
		return "", nil, fmt.Errorf("label %q is missing; the labels are %s", labels[len(sections)], strings.Join(labels[:], ", "))
	}
	if intro == "" {
		return "", nil, fmt.Errorf("nothing stands before the first label")
	}
	return intro, sections, nil
}

func labelOf(line string) (label, rest string, ok bool) {
	for _, l := range labels {
		if rest, ok := strings.CutPrefix(line, l+":"); ok {
			return l, rest, true
		}
	}
	return "", "", false
}

func next(n int) string {
	if n == len(labels) {
		return "nothing may follow"
	}
	return fmt.Sprintf("want %q here", labels[n])
}
