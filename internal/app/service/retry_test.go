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
		// At once, and after half a minute if it took as long: the attempts are 10 s apart at most by then.
		reminders := 0
		if time.Since(begin) > reminder+lastPause {
			reminders = 1
		}
		n := strings.Count(b.String(), `msg="attempt failed, trying again" what="connecting to kafka"`)
		if n < 1+reminders || n > 2 {
			t.Errorf("%d lines of log, want %d or 2:\n%s", n, 1+reminders, b.String())
		}
		if !strings.Contains(b.String(), `msg="attempt succeeded" what="connecting to kafka" attempts=10`) {
			t.Errorf("nothing of the success:\n%s", b.String())
		}
	})
}

func TestRetryTellsWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		troubles := []error{errors.New("refused"), errors.New("refused"), errors.New("denied"), errors.New("denied"), errors.New("refused"), nil}
		calls := 0
		err := Retry(t.Context(), slog.New(slog.NewTextHandler(&b, nil)), "x", func(context.Context) error {
			calls++
			return troubles[calls-1]
		})
		if n := strings.Count(b.String(), "attempt failed"); n != 3 || err != nil {
			t.Errorf("%d lines of log, want 3; %v\n%s", n, err, b.String())
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
