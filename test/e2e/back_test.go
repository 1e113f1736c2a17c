package e2e

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestBackAtOnce: whether it was killed or stopped in order, a service that starts again reads on within seconds, and does
// not wait until the group gives up its former self.
func TestBackAtOnce(t *testing.T) {
	const (
		each  = 100
		limit = 10 * time.Second // of a session of 15 s; less than one is usual
	)
	lines := wrapped(t, load(t))
	p := start(t, 3)
	sent := each
	p.Send(lines[:sent], 0)
	stored(t, p, sent)
	for _, service := range []string{"ingest", "detector"} {
		for _, signal := range []os.Signal{syscall.SIGKILL, syscall.SIGTERM} {
			p.End(service, signal)
			began := time.Now()
			p.Send(lines[sent:sent+each], 0)
			sent += each
			p.Start(service)
			stored(t, p, sent)
			took := time.Since(began).Round(time.Millisecond)
			t.Logf("%s after %s: %s", service, signal, took)
			if took > limit {
				t.Errorf("%s read on %s after %s, want at most %s", service, took, signal, limit)
			}
		}
	}
}
