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
	// reminder is how often the log hears of the same trouble.
	reminder = 30 * time.Second
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

// Retry does something until it succeeds, and pauses between the attempts. The log hears why one failed when that is news,
// then every half a minute, and of the success in the end. Retry returns the context's error when that ends first, or the
// error that Permanent has marked. A service that waits for a neighbour at its start uses it, so that it says what is wrong
// and is not ready, in place of ending and being started again for ever. What is done is named as the log has it:
// "connecting to kafka".
func Retry(ctx context.Context, log *slog.Logger, what string, f func(context.Context) error) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	pause := firstPause
	var last complaint
	for attempt := 1; ; attempt++ {
		err := f(ctx)
		if err == nil {
			if attempt > 1 {
				log.InfoContext(ctx, "attempt succeeded", "what", what, "attempts", attempt)
			}
			return nil
		}
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		if _, ok := errors.AsType[permanentError](err); ok {
			return err
		}
		wait := pause/2 + rand.N(pause/2) //nolint:gosec // spreads attempts, hides nothing
		if last.news(err, time.Now()) {
			log.ErrorContext(ctx, "attempt failed, trying again", "what", what, "attempt", attempt, "err", err)
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

// complaint is the trouble that was told of last.
type complaint struct {
	text string
	at   time.Time
}

// news tells whether the trouble is to be told of, and notes that it is.
func (c *complaint) news(err error, now time.Time) bool {
	text := err.Error()
	if text == c.text && now.Sub(c.at) < reminder {
		return false
	}
	c.text, c.at = text, now
	return true
}
