// Package notify is how people are told: what a receiver's kind has to do, why a delivery fails, and the guarded HTTP
// client that all kinds share. It retries nothing; the outbox does.
package notify

import (
	"context"

	"gatewatch/internal/alert"
)

// Notifier delivers notifications to one receiver. Any goroutine may use it.
type Notifier interface {
	// Notify delivers a notification once. An error is an *Error that says whether another attempt may succeed.
	Notify(ctx context.Context, n *alert.Notification) error
}
