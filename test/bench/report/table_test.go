package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const output = `goos: linux
pkg: gatewatch/internal/accesslog/text
BenchmarkParse/nginx-combined-2   	 1000	 400.0 ns/op	 500.00 MB/s	 0 B/op	 0 allocs/op
BenchmarkParse/nginx-combined-2   	 1000	 500.0 ns/op	 450.00 MB/s	 0 B/op	 0 allocs/op
BenchmarkParse/nginx-combined-2   	 1000	 900.0 ns/op	 200.00 MB/s	 0 B/op	 0 allocs/op
PASS
ok  	gatewatch/internal/accesslog/text	3.2s
pkg: gatewatch/internal/detect
BenchmarkStep-2   	 1000	 250 ns/op
`

func TestReport(t *testing.T) {
	table, err := read(strings.NewReader(output))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := table.print(&out); err != nil {
		t.Fatal(err)
	}
	want := `  internal/accesslog/text  ns/op  per second  MB/s  B/op  allocs/op
     Parse/nginx-combined  500.0     2000000   450     0          0
          internal/detect  ns/op  per second  MB/s  B/op  allocs/op
                     Step  250.0     4000000     -     -          -
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("print (-want +got):\n%s", diff)
	}
}

func TestLibraries(t *testing.T) {
	const output = `pkg: gatewatch/internal/accesslog/jsonlog
BenchmarkParse/nginx-json-2 1000 500.0 ns/op
BenchmarkLibrary/sonic/nginx-json-2 1000 700.0 ns/op
BenchmarkLibrary/sonic/nginx-json-2 1000 800.0 ns/op
BenchmarkLibrary/sonic/nobody's-2 1000 800.0 ns/op
`
	table, err := read(strings.NewReader(output))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := table.printLibraries(&out); err != nil {
		t.Fatal(err)
	}
	// (700 + 800)/2 = 750, and 750/500 = 1.5.
	want := `
     records  library  its ns/op  parser's ns/op  times as fast
  nginx-json    sonic        750             500           1.50
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("printLibraries (-want +got):\n%s", diff)
	}
}

func TestReportFailures(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":        "PASS\n",
		"a failed run":   output + "FAIL\tgatewatch/internal/event\t0.1s\n",
		"a failed build": "FAIL gatewatch/internal/event [build failed]\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(strings.NewReader(in)); err == nil {
				t.Errorf("read took %q", in)
			}
		})
	}
}
