package service

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"
)

// The pauses between attempts: short at first, for a neighbour that is still starting, then long enough for a log that
// somebody reads.
const (
	firstPause = 250 * time.Millisecond
	lastPause  = 10 * time.Second
)

// permanentError is an error that no further attempt mends.
type permanentError struct{ error }

func (p permanentError) Unwrap() error { return p.error }

// Permanent marks an error that another attempt cannot mend, such as a wrong setting: Retry returns it at once.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

// Retry does something until it succeeds, logs why it did not, and pauses between the attempts. It returns the context's
// error when that ends first, or the error that Permanent has marked. A service that waits for a neighbour at its start
// uses it, so that it says what is wrong and is not ready, in place of ending and being started again for ever. What is
// done is named as the log has it: "connecting to kafka".
func Retry(ctx context.Context, log *slog.Logger, what string, f func(context.Context) error) error {
	pause := firstPause
	for {
		err := f(ctx)
		if err == nil {
			return nil
		}
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		if _, ok := errors.AsType[permanentError](err); ok {
			return err
		}
		wait := pause/2 + rand.N(pause/2) //nolint:gosec // spreads attempts, hides nothing
		if log != nil {
			log.ErrorContext(ctx, "attempt failed, trying again", "what", what, "err", err, "pause", wait.Round(time.Millisecond))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		pause = min(2*pause, lastPause)
	}
}
