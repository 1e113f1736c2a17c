package alerter

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"

	"gatewatch/internal/alert"
	"gatewatch/internal/config"
	"gatewatch/internal/finding"
	"gatewatch/internal/notify"
	"gatewatch/internal/notify/pagerduty"
	"gatewatch/internal/notify/slack"
	"gatewatch/internal/notify/webhook"
)

// settings are what may change while the service runs.
type settings struct {
	book      alert.Config
	receivers []receiver // by name
}

// receiver is where notifications go.
type receiver struct {
	name string
	min  finding.Severity
	// source is the configuration it was made of: a receiver whose configuration is the same is left alone by a reload.
	source   config.Receiver
	private  bool
	notifier notify.Notifier
}

// wants tells whether a receiver gets a notification.
func (r *receiver) wants(n *alert.Notification) bool { return n.Severity >= r.min }

// receiverName is what can be a token of a subject, a metric label and a key.
var receiverName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// newSettings reads the configuration; it tells every fault.
func newSettings(cfg config.Alerter) (settings, error) {
	s := settings{book: alert.DefaultConfig()}
	lowest, err := finding.ParseSeverity(cmp.Or(cfg.MinSeverity, finding.Medium.String()))
	if err != nil {
		return settings{}, fmt.Errorf("alerter.min_severity: %w", err)
	}
	s.book.MinSeverity = lowest
	s.book.GroupWait = cfg.GroupWait
	s.book.GroupInterval = cmp.Or(cfg.GroupInterval, s.book.GroupInterval)
	s.book.RepeatInterval = cmp.Or(cfg.RepeatInterval, s.book.RepeatInterval)
	client := notify.NewClient(cfg.AllowPrivate)
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(cfg.Receivers)) {
		r := receiver{name: name, min: lowest, source: cfg.Receivers[name], private: cfg.AllowPrivate}
		if err := r.build(client); err != nil {
			faults = append(faults, fmt.Errorf("alerter.receivers.%s: %w", name, err))
			continue
		}
		// An incident opens at the least severity that any receiver wants.
		s.book.MinSeverity = min(s.book.MinSeverity, r.min)
		s.receivers = append(s.receivers, r)
	}
	if err := s.book.Validate(); err != nil {
		faults = append(faults, fmt.Errorf("alerter: %w", err))
	}
	return s, errors.Join(faults...)
}

func (r *receiver) build(client *notify.Client) error {
	if !receiverName.MatchString(r.name) {
		return errors.New("the name has to be 1 to 64 letters, digits, hyphens and underscores")
	}
	if r.source.MinSeverity != "" {
		v, err := finding.ParseSeverity(r.source.MinSeverity)
		if err != nil {
			return fmt.Errorf("min_severity: %w", err)
		}
		r.min = v
	}
	var made []notify.Notifier
	var faults []error
	add := func(n notify.Notifier, err error) { made, faults = append(made, n), append(faults, err) }
	if s := r.source.Slack; s.URL != "" {
		add(slack.New(client, string(s.URL)))
	}
	if p := r.source.PagerDuty; p.RoutingKey != "" {
		add(pagerduty.New(client, p.URL, string(p.RoutingKey)))
	}
	if w := r.source.Webhook; w.URL != "" {
		secrets := make([]string, len(w.Secrets))
		for i, v := range w.Secrets {
			secrets[i] = string(v)
		}
		add(webhook.New(client, string(w.URL), secrets))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	if len(made) != 1 {
		return fmt.Errorf("it has %d of slack.url, pagerduty.routing_key and webhook.url, and has to have one", len(made))
	}
	r.notifier = made[0]
	return nil
}

// same tells whether two receivers do the same.
func (r *receiver) same(o *receiver) bool {
	return r.name == o.name && r.min == o.min && r.private == o.private && reflect.DeepEqual(r.source, o.source)
}
