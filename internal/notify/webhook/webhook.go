// Package webhook tells any HTTP endpoint, by Standard Webhooks 1.0.0: signed, with an id that stays the same over
// attempts.
package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/notify"
)

// maxBody is what Standard Webhooks has senders stay below.
const maxBody = 20_000

// Webhook is one endpoint.
type Webhook struct {
	client *notify.Client
	url    string
	keys   []key
}

var _ notify.Notifier = (*Webhook)(nil)

// New makes a notifier of an endpoint's URL. Requests are signed with every secret (whsec_…); without one they are not
// signed.
func New(client *notify.Client, url string, secrets []string) (*Webhook, error) {
	if err := client.CheckURL(url); err != nil {
		return nil, fmt.Errorf("checking the webhook: %w", err)
	}
	w := &Webhook{client: client, url: url}
	for i, s := range secrets {
		k, err := parseKey(s)
		if err != nil {
			return nil, fmt.Errorf("reading secret %d of the webhook: %w", i+1, err)
		}
		w.keys = append(w.keys, k)
	}
	return w, nil
}

// body is what is posted.
type body struct {
	Type      string              `json:"type"`
	Timestamp time.Time           `json:"timestamp"`
	Data      *alert.Notification `json:"data"`
}

// Notify posts the notification.
func (w *Webhook) Notify(ctx context.Context, n *alert.Notification) error {
	data, err := encode(n)
	if err != nil {
		return &notify.Error{Reason: notify.Rejected, Detail: "it cannot be encoded"}
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	// The names are lower case in the standard; HTTP does not care, and neither do its verifiers.
	h := http.Header{}
	h.Set("Webhook-Id", n.ID)
	h.Set("Webhook-Timestamp", at)
	if len(w.keys) > 0 {
		h.Set("Webhook-Signature", sign(w.keys, n.ID, at, data))
	}
	return w.client.Post(ctx, notify.Request{URL: w.url, Header: h, Body: data})
}

// encode writes the body, leaving out what matters least until it is small enough.
func encode(n *alert.Notification) ([]byte, error) {
	short := *n
	for {
		b, err := json.Marshal(body{Type: "incident." + short.Status.String(), Timestamp: short.Time, Data: &short})
		if err != nil || len(b) < maxBody {
			return b, err
		}
		switch {
		case len(short.Samples) > 0:
			short.Samples = []string{}
		case len(short.Findings) > 0:
			half := len(short.Findings) / 2
			short.More += len(short.Findings) - half
			short.Findings = short.Findings[:half]
		default:
			return b, nil
		}
	}
}
