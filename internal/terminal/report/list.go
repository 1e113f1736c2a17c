package report

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// List writes rows below a header; the last column wraps at the layout's width.
func List(w io.Writer, header []string, rows [][]string, layout Layout) error {
	p := painter{layout.Colour}
	used := 0
	for i := range header[:len(header)-1] {
		width := 0
		for _, row := range append([][]string{header}, rows...) {
			width = max(width, text.LongestLineLen(row[i]))
		}
		used += width + 2
	}
	tw := table.NewWriter()
	tw.SetStyle(table.Style{Box: table.BoxStyle{PaddingRight: "  "}, Options: table.OptionsNoBordersAndSeparators})
	tw.SetColumnConfigs([]table.ColumnConfig{{
		Number: len(header), WidthMax: max(layout.Width-used, 20), WidthMaxEnforcer: wrap,
	}})
	tw.AppendRow(cells(header, p.bold))
	for _, row := range rows {
		tw.AppendRow(cells(row, func(s string) string { return s }))
	}
	var b strings.Builder
	for line := range strings.Lines(tw.Render() + "\n") {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func cells(texts []string, paint func(string) string) table.Row {
	row := make(table.Row, 0, len(texts))
	for _, s := range texts {
		row = append(row, paint(s))
	}
	return row
}
