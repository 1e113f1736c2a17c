package alerter

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"gatewatch/internal/notify"
)

// reminder is how often a trouble that lasts is told of in the log.
const reminder = 30 * time.Minute

// troubles are the receivers that did not take what they were sent last. Any goroutine may use them.
type troubles struct {
	mu  sync.Mutex // guards all
	all map[string]*trouble
}

// trouble is what is wrong with one receiver.
type trouble struct {
	reason   notify.Reason
	detail   string // the error's text
	since    time.Time
	told     time.Time
	attempts int
}

// note notes an attempt that failed, and tells whether the log is to hear of it: of what is new, and of what lasts once in
// a while.
func (t *troubles) note(receiver string, e *notify.Error, now time.Time) (news bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[string]*trouble{}
	}
	one := t.all[receiver]
	if one == nil {
		one = &trouble{since: now}
		t.all[receiver] = one
	}
	news = one.attempts == 0 || one.reason != e.Reason || now.Sub(one.told) >= reminder
	one.reason, one.detail = e.Reason, e.Error()
	one.attempts++
	if news {
		one.told = now
	}
	return news
}

// over notes that a receiver has taken something. It returns what the trouble was, nil when there was none.
func (t *troubles) over(receiver string) *trouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.all[receiver]
	delete(t.all, receiver)
	return one
}

// keep forgets the receivers that are not among those.
func (t *troubles) keep(receivers []receiver) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for name := range t.all {
		if !slices.ContainsFunc(receivers, func(r receiver) bool { return r.name == name }) {
			delete(t.all, name)
		}
	}
}

// list says which receivers are in trouble, and which.
func (t *troubles) list() (n int, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]string, 0, len(t.all))
	for name, one := range t.all {
		all = append(all, name+": "+one.detail)
	}
	slices.Sort(all)
	return len(all), strings.Join(all, "; ")
}

// delivered tells the log that a receiver works again, if it did not.
func (c *courier) delivered(ctx context.Context) {
	if was := c.troubles.over(c.receiver.name); was != nil {
		c.log.InfoContext(ctx, "the receiver takes notifications again", slog.String("receiver", c.receiver.name),
			slog.Int("failed_attempts", was.attempts), slog.Duration("after", time.Since(was.since).Round(time.Second)))
	}
}
