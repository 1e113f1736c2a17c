package alerter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/app/service"
	"gatewatch/internal/nats"
)

const (
	// saveEvery is how long what was folded may be unsaved. A crash folds it again, which decides the same with the same
	// ids, so saving seldom loses nothing.
	saveEvery = time.Second
	// saveShare keeps saving below a twentieth of the time when the book is large.
	saveShare = 20
	// standby is how long this alerter leaves the fold to another one that has saved.
	standby = 5 * time.Second
	// calm is for how long nothing must come before the past counts as read.
	calm = 2 * time.Second
	// lookBack is how far an alerter without a state looks back: far enough for findings made while it started, not so far
	// that it tells what is long over.
	lookBack = time.Hour
	// partingTime is how long the last save may take.
	partingTime = 3 * time.Second
)

// fold reads findings, keeps the book, and puts what it decides into the outbox, beginning anew from what was saved
// whenever something goes wrong.
func (a *Alerter) fold(ctx context.Context, client *nats.Client) error {
	for ctx.Err() == nil {
		err := service.Retry(ctx, a.log, "folding findings", func(ctx context.Context) error {
			err := a.foldFromSaved(ctx, client)
			if errors.Is(err, nats.ErrSuperseded) {
				return nil
			}
			return err
		})
		if err != nil {
			return ignoreEnd(ctx, err)
		}
		if ctx.Err() == nil {
			a.log.InfoContext(ctx, "another alerter has saved its state, following it")
			pause(ctx, standby)
		}
	}
	return nil
}

// pause waits, or returns early when the context ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func (a *Alerter) foldFromSaved(ctx context.Context, client *nats.Client) error {
	f, err := a.restore(ctx, client)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	findings, err := client.FindingsAfter(ctx, f.position, time.Now().Add(-lookBack))
	if err != nil {
		cancel()
		return err
	}
	var (
		reading sync.WaitGroup
		broken  error
		in      = make(chan *nats.Received, 256)
	)
	reading.Go(func() { broken = read(ctx, findings, in) })
	defer func() {
		cancel()
		reading.Wait()
		findings.Close()
	}()
	f.caughtUp = f.position >= findings.End()
	if err := f.run(ctx, in); err != nil {
		return err
	}
	cancel()
	reading.Wait()
	return broken
}

// read passes findings on until the context ends or the reading breaks; it then closes the channel.
func read(ctx context.Context, findings *nats.Findings, in chan<- *nats.Received) error {
	defer close(in)
	for {
		r, err := findings.Next(ctx)
		if r == nil || err != nil {
			return err
		}
		select {
		case in <- r:
		case <-ctx.Done():
			return nil
		}
	}
}

// folding is one run of the fold.
type folding struct {
	*Alerter
	client   *nats.Client
	ledger   *nats.Ledger
	book     *alert.Book
	position uint64
	settings settings
	changed  <-chan struct{}
	caughtUp bool
	// dirty is since when there is something unsaved; zero is nothing.
	dirty time.Time
	heard time.Time // when the last finding came, or the beginning
	// unsaved is how long what was folded may be unsaved: longer when saving takes long.
	unsaved time.Duration
}

// restore begins with what was saved, and tells first what was owed then.
func (a *Alerter) restore(ctx context.Context, client *nats.Client) (*folding, error) {
	ledger, err := client.OpenLedger(ctx)
	if err != nil {
		return nil, err
	}
	f := &folding{Alerter: a, client: client, ledger: ledger, heard: time.Now(), unsaved: saveEvery}
	f.settings, f.changed = a.current()
	f.book = alert.New(f.settings.book)
	position, state, err := ledger.Load(ctx)
	var owed []alert.Notification
	if err == nil {
		f.position = position
		owed, err = decodeState(state, f.book)
		if err != nil {
			err = fmt.Errorf("%w: %w", nats.ErrDamaged, err)
		}
	}
	switch {
	case errors.Is(err, nats.ErrDamaged):
		// People would rather be told twice than never.
		a.log.ErrorContext(ctx, "the saved state cannot be read, beginning without one", "err", err)
		f.position, f.book = 0, alert.New(f.settings.book)
	case err != nil:
		return nil, err
	}
	if len(owed) > 0 {
		f.dirty = time.Now()
	}
	return f, f.tell(ctx, owed)
}

// run folds until the channel is closed or the context ends, and then saves.
func (f *folding) run(ctx context.Context, in <-chan *nats.Received) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		f.setCaughtUp(f.caughtUp)
		select {
		case r, ok := <-in:
			if !ok {
				return f.part(ctx)
			}
			if err := f.apply(ctx, r); err != nil {
				return err
			}
		case <-timer.C:
		case <-f.changed:
			f.settings, f.changed = f.current()
			f.book.Configure(f.settings.book)
		}
		// Whoever waits in the channel goes first: the clock has time.
		if len(in) == 0 || f.overdue() {
			if err := f.attend(ctx); err != nil {
				return err
			}
			timer.Reset(f.wait())
		}
	}
}

// apply folds one message and tells at once what comes of it. The stream's time makes that the same in a replay.
func (f *folding) apply(ctx context.Context, r *nats.Received) error {
	v, err := r.Decode()
	if err != nil {
		f.metrics.findings.WithLabelValues("poison").Inc()
		f.log.WarnContext(ctx, "a message in the stream of findings is none", "sequence", r.Sequence, "err", err)
		err := f.client.Bury(ctx, nats.Dead{
			Source: "findings", ID: strconv.FormatUint(r.Sequence, 10), Reason: "malformed", Detail: err.Error(), Data: r.Data,
		})
		if err != nil {
			return err
		}
	} else {
		f.metrics.findings.WithLabelValues("folded").Inc()
		if err := f.tell(ctx, f.book.Apply(v, r.Time)); err != nil {
			return err
		}
	}
	f.position, f.heard = r.Sequence, time.Now()
	f.caughtUp = f.caughtUp || r.Pending == 0
	f.metrics.lag.Set(float64(r.Pending))
	f.soil()
	return nil
}

func (f *folding) soil() {
	if f.dirty.IsZero() {
		f.dirty = time.Now()
	}
}

func (f *folding) overdue() bool { return !f.dirty.IsZero() && time.Since(f.dirty) >= f.unsaved }

// attend does what is due by the clock. What is decided by the clock would be decided otherwise in a replay, so it is
// saved before anybody is told; while the past is being read nothing is decided by the clock.
func (f *folding) attend(ctx context.Context) error {
	now := time.Now()
	if !f.caughtUp && now.Sub(f.heard) >= calm {
		f.caughtUp = true
	}
	if f.caughtUp {
		if owed := f.book.Tick(now); len(owed) > 0 {
			if err := f.save(ctx, owed); err != nil {
				return err
			}
			if err := f.tell(ctx, owed); err != nil {
				return err
			}
			f.soil() // it is owed no longer
		}
	}
	f.count()
	if f.overdue() {
		return f.save(ctx, nil)
	}
	return nil
}

// wait is how long nothing is due.
func (f *folding) wait() time.Duration {
	const longest = time.Hour
	d := longest
	if !f.dirty.IsZero() {
		d = time.Until(f.dirty.Add(f.unsaved))
	}
	if !f.caughtUp {
		d = min(d, time.Until(f.heard.Add(calm)))
	} else if next, ok := f.book.Next(); ok {
		d = min(d, time.Until(next))
	}
	return max(d, 0)
}

// part saves what is unsaved at the end. The context has usually ended already.
func (f *folding) part(ctx context.Context) error {
	if f.dirty.IsZero() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingTime)
	defer cancel()
	return f.save(ctx, nil)
}

func (f *folding) save(ctx context.Context, owed []alert.Notification) error {
	begin := time.Now()
	state, err := encodeState(f.book, owed)
	if err != nil {
		return err
	}
	err = f.ledger.Save(ctx, f.position, state)
	switch {
	case errors.Is(err, nats.ErrSuperseded):
		f.metrics.saves.WithLabelValues("superseded").Inc()
		return err
	case err != nil:
		f.metrics.saves.WithLabelValues("failed").Inc()
		return err
	}
	f.metrics.saves.WithLabelValues("ok").Inc()
	f.metrics.stateBytes.Set(float64(len(state)))
	f.dirty, f.unsaved = time.Time{}, max(saveEvery, saveShare*time.Since(begin))
	return nil
}

// tell puts notifications into the outbox of everybody who wants them.
func (f *folding) tell(ctx context.Context, all []alert.Notification) error {
	for i := range all {
		n := &all[i]
		f.metrics.notifications.WithLabelValues(n.Status.String(), n.Reason.String()).Inc()
		data, err := json.Marshal(n)
		if err != nil {
			return fmt.Errorf("encoding a notification: %w", err)
		}
		for j := range f.settings.receivers {
			r := &f.settings.receivers[j]
			if !r.wants(n) {
				continue
			}
			if err := f.client.PutOutbox(ctx, r.name, n.ID, data); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *folding) count() {
	s := f.book.Stats()
	f.metrics.incidents.Set(float64(s.Groups))
	f.metrics.firing.Set(float64(s.Firing))
	f.metrics.evicted.Set(float64(s.Evicted))
}
