// Package pagerduty tells people by a service of PagerDuty, by its Events API, version 2.
package pagerduty

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatewatch/internal/alert"
	"gatewatch/internal/finding"
	"gatewatch/internal/notify"
)

// DefaultURL is where events go, unless the account is in a region with an address of its own.
const DefaultURL = "https://events.pagerduty.com/v2/enqueue"

const (
	keyLength  = 32
	maxSummary = 1024
	maxSource  = 255
	maxEvent   = 512_000
	// calm is how long PagerDuty is left alone when it has had too many events: its documentation asks for minutes.
	calm = time.Minute
)

// PagerDuty is one service of PagerDuty.
type PagerDuty struct {
	client *notify.Client
	url    string
	key    string
}

var _ notify.Notifier = (*PagerDuty)(nil)

// New makes a notifier of a service's integration key; "" as the URL is DefaultURL.
func New(client *notify.Client, url, routingKey string) (*PagerDuty, error) {
	if url == "" {
		url = DefaultURL
	}
	if err := client.CheckURL(url); err != nil {
		return nil, fmt.Errorf("checking pagerduty's address: %w", err)
	}
	if len(routingKey) != keyLength {
		return nil, fmt.Errorf("checking the routing key: it has %d characters, not %d", len(routingKey), keyLength)
	}
	return &PagerDuty{client: client, url: url, key: routingKey}, nil
}

// Notify sends an event: incidents are PagerDuty's alerts by the incident's id, so that telling one again adds to it and
// the end of it resolves it.
func (p *PagerDuty) Notify(ctx context.Context, n *alert.Notification) error {
	body, err := p.encode(n)
	if err != nil {
		return &notify.Error{Reason: notify.Rejected, Detail: "it cannot be encoded"}
	}
	err = p.client.Post(ctx, notify.Request{URL: p.url, Body: body, Explain: p.explain})
	if e, ok := errors.AsType[*notify.Error](err); ok && e.Reason == notify.RateLimited {
		e.RetryAfter = max(e.RetryAfter, calm)
	}
	return err
}

func (p *PagerDuty) encode(n *alert.Notification) ([]byte, error) {
	e := event{RoutingKey: p.key, Action: "trigger", DedupKey: n.Incident, Client: "gatewatch"}
	if n.Status == alert.Resolved {
		e.Action = "resolve"
	}
	e.Payload = &payload{
		Summary: notify.Cut(notify.Headline(n), maxSummary), Source: notify.Cut(source(n), maxSource),
		Severity: severity(n.Severity), Timestamp: n.LastSeen.UTC().Format(time.RFC3339Nano),
		Component: n.Service, Group: n.Entity.Type, Class: n.Family.String(), Details: n,
	}
	body, err := json.Marshal(e)
	if err == nil && len(body) > maxEvent {
		e.Payload.Details = map[string]string{"error": "the details are larger than PagerDuty takes"}
		body, err = json.Marshal(e)
	}
	return body, err
}

func source(n *alert.Notification) string {
	if n.Entity.Value == "" {
		return "gatewatch"
	}
	return n.Entity.Value
}

// severity is the nearest that PagerDuty has.
func severity(s finding.Severity) string {
	switch {
	case s >= finding.Critical:
		return "critical"
	case s == finding.High:
		return "error"
	case s == finding.Medium:
		return "warning"
	default:
		return "info"
	}
}

// event is a request of the Events API.
type event struct {
	RoutingKey string   `json:"routing_key"`
	Action     string   `json:"event_action"`
	DedupKey   string   `json:"dedup_key"`
	Client     string   `json:"client"`
	Payload    *payload `json:"payload"`
}

type payload struct {
	Summary   string `json:"summary"`
	Source    string `json:"source"`
	Severity  string `json:"severity"`
	Timestamp string `json:"timestamp"`
	Component string `json:"component,omitempty"`
	Group     string `json:"group,omitempty"`
	Class     string `json:"class,omitempty"`
	Details   any    `json:"custom_details"`
}

// explain takes PagerDuty's words out of its answer, without the key, which they may repeat.
func (p *PagerDuty) explain(body []byte) string {
	var answer struct {
		Message string   `json:"message"`
		Errors  []string `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	text := strings.Join(append([]string{answer.Message}, answer.Errors...), "; ")
	text = strings.NewReplacer(p.key, "<secret>", p.url, "<url>").Replace(text)
	return alert.Clean(strings.Trim(text, "; "), 200)
}
