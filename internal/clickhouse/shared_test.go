package clickhouse

import (
	"os"
	"sync"
	"testing"
)

// sharedServer is the server of all tests that do not stop it.
type sharedServer struct {
	mu  sync.Mutex
	srv *server
	err error
}

var shared sharedServer

func (s *sharedServer) get(t testing.TB) *server {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.srv == nil && s.err == nil {
		dir, err := os.MkdirTemp("", "gatewatch-clickhouse")
		if err != nil {
			t.Fatal(err)
		}
		s.srv, s.err = newServer(dir)
	}
	if s.err != nil {
		t.Skipf("no ClickHouse: %v", s.err)
	}
	return s.srv
}

func (s *sharedServer) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.srv != nil {
		s.srv.kill()
		_ = os.RemoveAll(s.srv.dir)
	}
}
