// Command report reads the output of `go test -bench -benchmem` and prints one table, the median of each benchmark's
// repetitions, with a record's rate beside its time, and
// then one of our parsers beside the libraries that read the same records.
//
//	go test -run '^$' -bench . -benchmem -count 5 ./internal/accesslog/... | go run ./test/bench/report
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	table, err := read(os.Stdin)
	if err == nil {
		err = errors.Join(table.print(os.Stdout), table.printLibraries(os.Stdout))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}
