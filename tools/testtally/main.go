// Command testtally reads `go test -json` from its input and prints what people want of it: a line for each package, the
// output of what failed, and at the end how many tests passed, failed and were skipped.
//
//	go test -json ./... | go run ./tools/testtally
//
// It ends with status 1 when anything failed.
package main

import (
	"fmt"
	"os"
)

func main() {
	t := newTally(os.Stdout)
	if err := t.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testtally:", err)
		os.Exit(2)
	}
	fmt.Fprintln(os.Stdout, t)
	if t.bad() {
		os.Exit(1)
	}
}
