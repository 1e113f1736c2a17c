package service

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryUntilItSucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		calls := 0
		begin := time.Now()
		err := Retry(t.Context(), slog.New(slog.NewTextHandler(&b, nil)), "connecting to kafka", func(context.Context) error {
			if calls++; calls < 10 {
				return errors.New("connection refused")
			}
			return nil
		})
		if err != nil || calls != 10 {
			t.Errorf("Retry: %v after %d calls, want nil after 10", err, calls)
		}
		// The pauses are 0.25, 0.5, 1, 2, 4, 8, 10, 10, 10 s, each less up to a half: 45.75 s at most, 22.875 s at least.
		if took := time.Since(begin); took < 22875*time.Millisecond || took > 45750*time.Millisecond {
			t.Errorf("took %v", took)
		}
		if n := strings.Count(b.String(), `what="connecting to kafka" err="connection refused"`); n != 9 {
			t.Errorf("%d lines of log, want 9:\n%s", n, b.String())
		}
	})
}

func TestRetryEnds(t *testing.T) {
	wrong := errors.New("wrong setting")
	if err := Retry(t.Context(), nil, "x", func(context.Context) error { return Permanent(wrong) }); !errors.Is(err, wrong) {
		t.Errorf("Retry of what is permanent: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := Retry(ctx, nil, "x", func(context.Context) error { return wrong })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Retry with a deadline: %v", err)
		}
	})
	if Permanent(nil) != nil {
		t.Error("no error has become one")
	}
}
