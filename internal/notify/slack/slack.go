// Package slack tells people by a Slack incoming webhook.
package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/notify"
)

// interval is the pace that Slack bears: one message a second to a channel.
const interval = time.Second

// Slack is one incoming webhook.
type Slack struct {
	client   *notify.Client
	url      string
	interval time.Duration

	mu   sync.Mutex
	next time.Time // when the next message may go
}

var _ notify.Notifier = (*Slack)(nil)

// New makes a notifier of an incoming webhook's URL.
func New(client *notify.Client, url string) (*Slack, error) {
	if err := client.CheckURL(url); err != nil {
		return nil, fmt.Errorf("checking the slack webhook: %w", err)
	}
	return &Slack{client: client, url: url, interval: interval}, nil
}

// Notify posts a message.
func (s *Slack) Notify(ctx context.Context, n *alert.Notification) error {
	body, err := json.Marshal(message(n))
	if err != nil {
		return &notify.Error{Reason: notify.Rejected, Detail: "it cannot be encoded"}
	}
	if err := s.pace(ctx); err != nil {
		return err
	}
	return s.client.Post(ctx, notify.Request{URL: s.url, Body: body, Explain: explain})
}

// pace waits for the message's turn.
func (s *Slack) pace(ctx context.Context) error {
	s.mu.Lock()
	now := time.Now()
	turn := s.next
	if turn.Before(now) {
		turn = now
	}
	s.next = turn.Add(s.interval)
	s.mu.Unlock()
	t := time.NewTimer(turn.Sub(now))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return &notify.Error{Reason: notify.Timeout, Detail: "it was not its turn yet"}
	}
}

// explain takes Slack's error code, such as invalid_blocks or no_service. A proxy's page is no code.
func explain(body []byte) string {
	const longest = 40
	if len(body) == 0 || len(body) > longest {
		return ""
	}
	for _, c := range body {
		if (c < 'a' || c > 'z') && c != '_' {
			return ""
		}
	}
	return string(body)
}
