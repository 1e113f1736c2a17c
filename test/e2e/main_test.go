package e2e

import (
	"context"
	"fmt"
	"os"
	"testing"

	"gatewatch/test/pipeline"
)

// binaries is where TestMain has built the services.
var binaries string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gatewatch-e2e.")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }() // a scratch directory
		binaries = dir
		err = pipeline.Build(context.Background(), dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
