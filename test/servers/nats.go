//go:build !containers

package servers

import (
	"context"
	"os/exec"
	"strconv"
	"testing"
)

// StartNATS starts a NATS server with JetStream that ends with the test.
func StartNATS(t testing.TB) *Server {
	t.Helper()
	program, err := build("nats-server", "github.com/nats-io/nats-server/v2")
	if err != nil {
		unavailable(t, "NATS", err)
	}
	port := freePort(t)
	s := &Server{Addr: local(port), Dir: t.TempDir(), t: t, name: "NATS"}
	s.start = func(out *output) (process, error) {
		return run(exec.Command(program, "--addr", "127.0.0.1", "--port", strconv.Itoa(port), //nolint:noctx // it ends with the test
			"--jetstream", "--store_dir", s.Dir), out)
	}
	s.ready = func(ctx context.Context) error { return listens(ctx, s.Addr) }
	return s.launch()
}
