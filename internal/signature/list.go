package signature

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed data/*.txt
var data embed.FS

// readList gives the lines of a data file, cut into n fields of which the last is the rest of the line. Blank lines and
// those that begin with "# " are comments.
func readList(name string, n int) ([][]string, error) {
	text, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("reading embedded list: %w", err)
	}
	var rows [][]string
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line == "#" || strings.HasPrefix(line, "# ") {
			continue
		}
		row := make([]string, 0, n)
		for len(row) < n-1 {
			field, rest, ok := strings.Cut(line, " ")
			if !ok {
				return nil, fmt.Errorf("%s line %d: want %d fields", name, number, n)
			}
			row, line = append(row, field), strings.TrimSpace(rest)
		}
		rows = append(rows, append(row, line))
	}
	return rows, nil
}

// nameIndex is the index of name among names, for the closed sets that the lists use.
func nameIndex(names []string, name string) (int, bool) {
	for i, n := range names {
		if n == name {
			return i, true
		}
	}
	return 0, false
}
