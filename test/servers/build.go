package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"gatewatch/internal/embedded/chdb"
)

// build compiles a command of this module, or of one that it requires, and returns the program. Go's cache makes it quick
// from the second time on. Processes of tests that do it at once wait for one another.
func build(name, pkg string) (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "servers")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("making the cache directory: %w", err)
	}
	ctx := context.Background()
	unlock, err := chdb.Lock(ctx, filepath.Join(dir, name+".lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	program := filepath.Join(dir, name)
	// A program that runs cannot be written to, but it can be replaced. Go leaves one that is up to date as it is.
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, pkg) //nolint:gosec // packages named above
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", pkg, err, out)
	}
	return program, nil
}
