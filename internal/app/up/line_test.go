package up

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
)

// diary notes what happens in which order.
type diary struct {
	mu      sync.Mutex // guards entries
	entries []string
}

func (d *diary) note(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, s)
}

// actor is a service that does as told.
type actor struct {
	name  string
	diary *diary
	fail  <-chan error
	ready bool
}

func (a *actor) Run(ctx context.Context) error {
	select {
	case err := <-a.fail:
		return err
	case <-ctx.Done():
	}
	time.Sleep(10 * time.Millisecond) // the others would be faster, were they not to wait
	a.diary.note(a.name)
	return nil
}

func (a *actor) Ready(context.Context) []telemetry.Check {
	return []telemetry.Check{{Name: "self", OK: a.ready}}
}

func (a *actor) Reload(config.Config) error { return errors.New("no") }

func TestLineStopsFromTheFirstOn(t *testing.T) {
	var d diary
	l := &line{names: []string{"a", "b", "c"}}
	for _, name := range l.names {
		l.services = append(l.services, &actor{name: name, diary: &d})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Run(ctx); err != nil {
		t.Fatalf("Run = %v", err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, d.entries); diff != "" {
		t.Errorf("order of the stop (-want +got):\n%s", diff)
	}
}

func TestLineEndsWithAnyOfThem(t *testing.T) {
	for i, name := range []string{"a", "b", "c"} {
		t.Run(name, func(t *testing.T) {
			var d diary
			l := &line{names: []string{"a", "b", "c"}}
			fail := make(chan error, 1)
			fail <- errors.New("disk full")
			for j, n := range l.names {
				a := &actor{name: n, diary: &d}
				if i == j {
					a.fail = fail
				}
				l.services = append(l.services, a)
			}
			err := l.Run(t.Context())
			if err == nil || err.Error() != name+": disk full" {
				t.Errorf("Run = %v, want %s: disk full", err, name)
			}
			want := slices.DeleteFunc([]string{"a", "b", "c"}, func(n string) bool { return n == name })
			if diff := cmp.Diff(want, d.entries); diff != "" {
				t.Errorf("order of the stop (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLineAnswersForAll(t *testing.T) {
	l := &line{names: []string{"a", "b"}, services: []service.Service{&actor{ready: true}, &actor{}}}
	want := []telemetry.Check{{Name: "a/self", OK: true}, {Name: "b/self"}}
	if diff := cmp.Diff(want, l.Ready(t.Context())); diff != "" {
		t.Errorf("Ready (-want +got):\n%s", diff)
	}
	if err := l.Reload(config.Default()); err == nil || !strings.Contains(err.Error(), "a: no") || !strings.Contains(err.Error(), "b: no") {
		t.Errorf("Reload = %v, want the errors of both", err)
	}
}
