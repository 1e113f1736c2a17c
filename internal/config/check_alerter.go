package config

import (
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

func (d *decoder) checkAlerter(c *Alerter) {
	const key = "alerter"
	d.checkAdmin(key+".admin", c.Admin)
	d.oneOf(key+".min_severity", c.MinSeverity)
	d.during(key+".group_wait", c.GroupWait, 0, day)
	d.during(key+".group_interval", c.GroupInterval, 0, day)
	d.during(key+".repeat_interval", c.RepeatInterval, time.Minute, 365*day)
	for _, name := range slices.Sorted(maps.Keys(c.Receivers)) {
		d.checkReceiver(key+".receivers."+name, name, c.Receivers[name], c.AllowPrivate)
	}
}

// receiverName is what stands in subjects, metrics and logs.
var receiverName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

func (d *decoder) checkReceiver(key, name string, r Receiver, private bool) {
	if !receiverName.MatchString(name) {
		d.Fault(key, "a receiver's name has letters, digits, underscores and hyphens only, at most 64")
	}
	d.severity(key+".min_severity", r.MinSeverity)
	slack, pager := r.Slack != Slack{}, r.PagerDuty != PagerDuty{}
	hook := r.Webhook.URL != "" || r.Webhook.URLFile != "" || len(r.Webhook.Secrets) > 0 || r.Webhook.SecretsFile != ""
	given := 0
	for _, is := range []bool{slack, pager, hook} {
		if is {
			given++
		}
	}
	if given != 1 {
		d.Fault(key, "want one of slack, pagerduty and webhook")
		return
	}
	secure := []string{"https"}
	if private {
		secure = append(secure, "http") // a test's own server, or a proxy next to the alerter
	}
	switch {
	case slack:
		d.checkURL(key+".slack.url", r.Slack.URL, r.Slack.URLFile, secure)
	case pager:
		d.checkPagerDuty(key+".pagerduty", r.PagerDuty, secure)
	default:
		d.checkURL(key+".webhook.url", r.Webhook.URL, r.Webhook.URLFile, []string{"https", "http"})
		d.checkSecrets(key+".webhook.secrets", r.Webhook.Secrets)
		if !private && strings.HasPrefix(string(r.Webhook.URL), "http://") {
			d.Warn(key+".webhook.url", "is not https: who is on the way can read and change notifications")
		}
	}
}

// checkURL checks a URL that is a secret; the file that holds it may not have been read.
func (d *decoder) checkURL(key string, value Secret, file string, schemes []string) {
	switch {
	case value == "" && file == "":
		d.Fault(key, "is missing: give it, or url_file")
	case value != "":
		if what := link(string(value), schemes...); what != "" {
			d.Fault(key, "%s", what)
		}
	}
}

// integrationKey is the form of PagerDuty's keys.
var integrationKey = regexp.MustCompile(`^[a-zA-Z0-9]{32}$`)

func (d *decoder) checkPagerDuty(key string, p PagerDuty, schemes []string) {
	switch {
	case p.RoutingKey == "" && p.RoutingKeyFile == "":
		d.Fault(key+".routing_key", "is missing: give it, or routing_key_file")
	case p.RoutingKey != "" && !integrationKey.MatchString(string(p.RoutingKey)):
		d.Fault(key+".routing_key", "is no integration key of Events API v2: want 32 letters and digits, this has %d characters", len(p.RoutingKey))
	}
	if p.URL == "" {
		return
	}
	if what := link(p.URL, schemes...); what != "" {
		d.Fault(key+".url", "%s", what)
	}
}

// What Standard Webhooks has of a symmetric secret: its prefix, and its length in bytes.
const (
	secretPrefix    = "whsec_"
	minWebhookBytes = 24
	maxWebhookBytes = 64
)

func (d *decoder) checkSecrets(key string, secrets []Secret) {
	for i, s := range secrets {
		text, ok := strings.CutPrefix(string(s), secretPrefix)
		b, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || len(b) < minWebhookBytes || len(b) > maxWebhookBytes {
			d.Fault(fmt.Sprintf("%s[%d]", key, i), "is no secret of Standard Webhooks: want %s and %d to %d bytes in base64; "+
				"make one with `echo %s$(openssl rand -base64 32)`", secretPrefix, minWebhookBytes, maxWebhookBytes, secretPrefix)
		}
	}
}
