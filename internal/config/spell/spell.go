// Package spell tells what a misspelt name was meant to be. It knows no language, only the names that there are.
package spell

import (
	"fmt"
	"strings"
)

// suggest names the candidate that a misspelt name is nearest to; "" when none is near.
func suggest(name string, candidates []string) string {
	best, least := "", max(2, min(len(name), 64)/3)+1 // distance looks at 64 bytes
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), c); d < least {
			best, least = c, d
		}
	}
	return best
}

// containing names the candidates that a name of some length is a part of, as nginx is of nginx-json and nginx-main; "" when
// none does.
func containing(name string, candidates []string) string {
	const enough = 3
	if len(name) < enough {
		return ""
	}
	var found []string
	for _, c := range candidates {
		if strings.Contains(c, strings.ToLower(name)) {
			found = append(found, c)
		}
	}
	return strings.Join(found, " or ")
}

// distance is the Levenshtein distance of two names, which a file cannot make long: they are cut to 64 bytes.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Unknown is the text of a fault about a name that is not one of those known: the one that was meant, or all of them.
func Unknown(what, name string, known []string) string {
	if s := containing(name, known); s != "" {
		return fmt.Sprintf("unknown %s %q: did you mean %s?", what, name, s)
	}
	if s := suggest(name, known); s != "" {
		return fmt.Sprintf("unknown %s %q: did you mean %s?", what, name, s)
	}
	return fmt.Sprintf("unknown %s %q: want one of %s", what, name, strings.Join(known, ", "))
}
