package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// row is one benchmark: the values of its repetitions by unit.
type row struct {
	pkg, name string
	values    map[string][]float64
}

// table is the benchmarks in order of appearance.
type table struct{ rows []*row }

// read collects the results. It fails when the run did, or when there are none.
func read(r io.Reader) (*table, error) {
	t, pkg, failed := &table{}, "", ""
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if rest, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = rest
		}
		if strings.HasPrefix(line, "FAIL") || strings.HasPrefix(line, "--- FAIL") {
			failed = line
		}
		t.add(pkg, strings.Fields(line))
	}
	switch {
	case lines.Err() != nil:
		return nil, fmt.Errorf("reading benchmarks: %w", lines.Err())
	case failed != "":
		return nil, fmt.Errorf("a benchmark failed: %s", failed)
	case len(t.rows) == 0:
		return nil, errors.New("no benchmarks in the input")
	}
	return t, nil
}

// add takes a line such as "BenchmarkX/nginx-8  1000  812.5 ns/op  280.1 MB/s  0 B/op  0 allocs/op".
func (t *table) add(pkg string, fields []string) {
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return
	}
	name := strings.TrimPrefix(fields[0], "Benchmark")
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			name = name[:i]
		}
	}
	i := slices.IndexFunc(t.rows, func(r *row) bool { return r.pkg == pkg && r.name == name })
	if i < 0 {
		i = len(t.rows)
		t.rows = append(t.rows, &row{pkg: pkg, name: name, values: map[string][]float64{}})
	}
	for f := 2; f+1 < len(fields); f += 2 {
		if v, err := strconv.ParseFloat(fields[f], 64); err == nil {
			t.rows[i].values[fields[f+1]] = append(t.rows[i].values[fields[f+1]], v)
		}
	}
}

func (t *table) print(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	pkg := ""
	for _, r := range t.rows {
		if r.pkg != pkg {
			pkg = r.pkg
			fmt.Fprintf(out, "%s\tns/op\tper second\tMB/s\tB/op\tallocs/op\t\n", strings.TrimPrefix(pkg, "gatewatch/"))
		}
		ns, _ := r.median("ns/op")
		rate := "-"
		if ns > 0 {
			rate = strconv.FormatFloat(1e9/ns, 'f', 0, 64)
		}
		fmt.Fprintf(out, "  %s\t%s\t%s\t%s\t%s\t%s\t\n", r.name,
			r.cell("ns/op", 1), rate, r.cell("MB/s", 0), r.cell("B/op", 0), r.cell("allocs/op", 0))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

func (r *row) cell(unit string, digits int) string {
	v, ok := r.median(unit)
	if !ok {
		return "-"
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

func (r *row) median(unit string) (float64, bool) {
	v := slices.Sorted(slices.Values(r.values[unit]))
	if len(v) == 0 {
		return 0, false
	}
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2, true
}
