//go:build !containers

package servers

import (
	"context"
	"testing"
	"time"

	"gatewatch/internal/embedded/chdb"
)

// StartClickHouse starts a ClickHouse server that ends with the test.
func StartClickHouse(t testing.TB) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	library, err := chdb.Source{}.Library(ctx)
	if err != nil {
		unavailable(t, "ClickHouse", err)
	}
	program, err := build("chdb", "gatewatch/test/servers/chdb")
	if err != nil {
		unavailable(t, "ClickHouse", err)
	}
	server := chdb.Server{Library: library, Dir: t.TempDir(), Port: freePort(t), HTTPPort: freePort(t)}
	s := &Server{Addr: local(server.Port), HTTP: local(server.HTTPPort), Dir: server.Dir, t: t, name: "ClickHouse"}
	s.start = func(out *output) (process, error) { return chdb.Start([]string{program}, server, out) }
	s.ready = func(ctx context.Context) error {
		return s.proc.(*chdb.Process).Ready(ctx)
	}
	return s.launch()
}
