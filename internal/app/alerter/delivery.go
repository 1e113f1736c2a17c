package alerter

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/app/service"
	"gatewatch/internal/nats"
	"gatewatch/internal/notify"
)

// The pauses between attempts, and when attempts end. A receiver that fails at one notification holds up those behind it
// for an hour at most; one that is away is waited for longer.
const (
	firstPause     = time.Second
	lastPause      = 5 * time.Minute
	giveUpFailing  = time.Hour
	giveUpAway     = 12 * time.Hour
	settleAttempts = 20
)

// deliver keeps one courier for every receiver, so that a slow one holds up nobody else.
func (a *Alerter) deliver(ctx context.Context, client *nats.Client) error {
	couriers := map[string]*courier{}
	defer func() {
		for _, c := range couriers {
			c.stop()
		}
	}()
	for {
		s, changed := a.current()
		if len(s.receivers) == 0 {
			a.log.InfoContext(ctx, "no receivers are configured, nobody will be told")
		}
		keep := map[string]*courier{}
		for _, r := range s.receivers {
			if c := couriers[r.name]; c != nil && c.receiver.same(&r) {
				keep[r.name] = c
				delete(couriers, r.name)
			}
		}
		for _, c := range couriers {
			c.stop()
		}
		couriers = keep
		a.troubles.keep(s.receivers)
		for _, r := range s.receivers {
			if couriers[r.name] == nil {
				couriers[r.name] = a.dispatch(ctx, client, r)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}

// courier delivers to one receiver, one notification after the other.
type courier struct {
	*Alerter
	client   *nats.Client
	receiver receiver
	last     string // id of what was delivered last
	cancel   context.CancelFunc
	done     sync.WaitGroup
}

func (a *Alerter) dispatch(ctx context.Context, client *nats.Client, r receiver) *courier {
	ctx, cancel := context.WithCancel(ctx)
	c := &courier{Alerter: a, client: client, receiver: r, cancel: cancel}
	c.done.Go(func() {
		// Only the end of the context ends it.
		_ = service.Retry(ctx, a.log, "delivering to "+r.name, c.run)
	})
	return c
}

func (c *courier) stop() {
	c.cancel()
	c.done.Wait()
}

func (c *courier) run(ctx context.Context) error {
	outbox, err := c.client.OpenOutbox(ctx, c.receiver.name)
	if err != nil {
		return err
	}
	defer outbox.Close()
	for {
		p, err := outbox.Next(ctx)
		if p == nil || err != nil {
			return err
		}
		if err := c.attempt(ctx, p); err != nil {
			return err
		}
	}
}

// attempt delivers once, and settles the notification by what came of it.
func (c *courier) attempt(ctx context.Context, p *nats.Parcel) error {
	if p.ID == c.last {
		return c.settle(ctx, p) // it was delivered, and the outbox did not hear that
	}
	var n alert.Notification
	if err := json.Unmarshal(p.Data, &n); err != nil {
		return c.bury(ctx, p, "malformed", err.Error())
	}
	err := c.receiver.notifier.Notify(ctx, &n)
	if err == nil {
		c.last = p.ID
		c.delivered(ctx)
		c.metrics.deliveries.WithLabelValues(c.receiver.name, "delivered").Inc()
		c.metrics.latency.WithLabelValues(c.receiver.name).Observe(time.Since(n.Time).Seconds())
		return c.settle(ctx, p)
	}
	if ctx.Err() != nil {
		return p.Retry(0) // whoever comes next delivers it at once
	}
	fault, ok := errors.AsType[*notify.Error](err)
	if !ok {
		fault = &notify.Error{Reason: notify.Unknown}
	}
	c.metrics.failures.WithLabelValues(c.receiver.name, fault.Reason.String()).Inc()
	news := fault.OfReceiver() && c.troubles.note(c.receiver.name, fault, time.Now())
	if !fault.Temporary() {
		return c.bury(ctx, p, fault.Reason.String(), fault.Error())
	}
	if time.Since(p.Stored) > patience(fault) {
		return c.bury(ctx, p, "expired", fault.Error())
	}
	wait := backoff(p.Attempt, fault.RetryAfter)
	c.metrics.deliveries.WithLabelValues(c.receiver.name, "retried").Inc()
	level := slog.LevelDebug
	if news {
		level = slog.LevelWarn
	}
	c.log.Log(ctx, level, "a notification could not be delivered, trying again",
		"receiver", c.receiver.name, "notification", n.ID, "attempt", p.Attempt, "pause", wait.Round(time.Millisecond), "err", fault)
	return p.Retry(wait)
}

// patience is for how long a notification is tried.
func patience(e *notify.Error) time.Duration {
	if e.Reason == notify.ServerError {
		return giveUpFailing
	}
	return giveUpAway
}

// backoff doubles, is spread by a quarter either way, and is no shorter than the receiver asks for.
func backoff(attempt int, asked time.Duration) time.Duration {
	d := lastPause
	if attempt < 10 {
		d = min(firstPause<<max(attempt-1, 0), lastPause)
	}
	d = d*3/4 + rand.N(d/2) //nolint:gosec // spreads attempts, hides nothing
	return max(d, asked)
}

// settle removes a delivered notification from the outbox; if that cannot be done it would be delivered twice, so it is
// tried for a while.
func (c *courier) settle(ctx context.Context, p *nats.Parcel) error {
	var err error
	for i := range settleAttempts {
		// The delivery has happened, so the end of the context does not count.
		err = c.settleOnce(context.WithoutCancel(ctx), p)
		if err == nil || ctx.Err() != nil {
			return err
		}
		pause(ctx, min(time.Duration(i+1)*100*time.Millisecond, time.Second))
	}
	return err
}

func (c *courier) settleOnce(ctx context.Context, p *nats.Parcel) error {
	ctx, cancel := context.WithTimeout(ctx, partingTime)
	defer cancel()
	return p.Done(ctx)
}

// bury gives a notification up: it is kept with the reason, and those behind it go on.
func (c *courier) bury(ctx context.Context, p *nats.Parcel, reason, detail string) error {
	c.metrics.deliveries.WithLabelValues(c.receiver.name, "dead").Inc()
	c.log.ErrorContext(ctx, "a notification is given up",
		"receiver", c.receiver.name, "notification", p.ID, "attempt", p.Attempt, "reason", reason, "detail", detail)
	err := c.client.Bury(ctx, nats.Dead{Source: c.receiver.name, ID: p.ID, Reason: reason, Detail: detail, Data: p.Data})
	if err != nil {
		return err
	}
	return c.settle(ctx, p)
}
