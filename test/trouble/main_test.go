package trouble

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"gatewatch/test/pipeline"
)

// binaries is where TestMain has built the services.
var binaries string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	dir, err := os.MkdirTemp("", "gatewatch-trouble.")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }() // a scratch directory
		binaries = dir
		err = pipeline.Build(context.Background(), dir)
	}
	if err == nil {
		// The cases wait for pauses and timeouts most of the time, so they wait together.
		err = flag.Set("test.parallel", "6")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
