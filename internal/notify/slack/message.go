package slack

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"gatewatch/internal/alert"
	"gatewatch/internal/finding"
	"gatewatch/internal/notify"
)

// Slack's limits, in characters. The one of the whole message is not documented and lies about 13 200.
const (
	maxHeader  = 150
	maxSection = 2900
	maxField   = 1900
	maxMessage = 10_000
	maxListed  = 5
)

// message lays a notification out. What comes from log lines stands in plain_text, where Slack knows no markup, and is
// escaped in the fallback, which is markup.
func message(n *alert.Notification) *slack.WebhookMessage {
	no := false
	head := notify.Headline(n)
	l := &layout{room: maxMessage}
	l.add(slack.NewHeaderBlock(l.plain(icon(n)+" "+head, maxHeader)))
	l.fields(n)
	for i := range n.Findings[:min(len(n.Findings), maxListed)] {
		f := &n.Findings[i]
		l.section(f.Title+": "+numbers(f)+"\n"+f.Description, maxSection)
	}
	if more := n.More + max(0, len(n.Findings)-maxListed); more > 0 {
		l.section(fmt.Sprintf("and %d more findings", more), maxField)
	}
	if len(n.Samples) > 0 && n.Status != alert.Resolved {
		l.section(strings.Join(n.Samples, "\n"), maxSection)
	}
	l.add(slack.NewContextBlock("", l.plain(footer(n), maxField)))
	return &slack.WebhookMessage{
		Text: escape(notify.Cut(head, maxSection)), Blocks: &slack.Blocks{BlockSet: l.blocks}, UnfurlLinks: &no, UnfurlMedia: &no,
	}
}

// layout collects blocks and spends the message's room; what comes last is cut first.
type layout struct {
	blocks []slack.Block
	room   int
}

func (l *layout) add(b slack.Block) { l.blocks = append(l.blocks, b) }

func (l *layout) plain(text string, limit int) *slack.TextBlockObject {
	text = notify.Cut(text, limit)
	l.room -= len([]rune(text))
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// reserve is kept for the footer.
const reserve = 500

func (l *layout) section(text string, limit int) {
	limit = min(limit, l.room-reserve)
	if text == "" || limit < 80 {
		return
	}
	l.add(slack.NewSectionBlock(l.plain(text, limit), nil, nil))
}

func (l *layout) fields(n *alert.Notification) {
	var fields []*slack.TextBlockObject
	field := func(name, value string) {
		if value != "" {
			fields = append(fields, l.plain(name+"\n"+value, 400))
		}
	}
	field("Status", n.Status.String()+" ("+n.Reason.String()+")")
	field("Severity", n.Severity.String())
	field("Who", n.Entity.Value)
	field("Service", n.Service)
	field("Requests", fmt.Sprint(n.Count))
	field("Seen", span(n.FirstSeen, n.LastSeen))
	field("ATT&CK", strings.Join(techniques(n.Attack), ", "))
	field("OWASP", strings.Join(n.OWASP, ", "))
	l.add(slack.NewSectionBlock(nil, fields, nil))
}

func techniques(ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, strings.TrimSpace(id+" "+finding.Technique(id)))
	}
	return out
}

func numbers(f *alert.Finding) string {
	parts := make([]string, 0, len(f.Evidence))
	for _, v := range f.Evidence {
		parts = append(parts, strings.ReplaceAll(v.Name, "_", " ")+" "+v.String())
	}
	return strings.Join(parts, ", ")
}

func footer(n *alert.Notification) string {
	names := make([]string, 0, len(n.Findings))
	for i := range n.Findings {
		names = append(names, n.Findings[i].Detector)
	}
	return fmt.Sprintf("gatewatch · incident %s · %s", n.Incident, strings.Join(names, ", "))
}

func span(from, to time.Time) string {
	if to.Sub(from) < time.Second {
		return from.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return from.UTC().Format("2006-01-02 15:04:05") + " – " + to.UTC().Format("15:04:05 UTC")
}

func icon(n *alert.Notification) string {
	if n.Status == alert.Resolved {
		return "✅"
	}
	if n.Severity >= finding.High {
		return "🔴"
	}
	return "🟠"
}

// escape makes a text mean nothing but itself in Slack's markup.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
