package alert

import (
	"testing"

	"gatewatch/internal/finding"
)

func TestTitle(t *testing.T) {
	drop := &member{Finding: Finding{Title: "Requests have stopped"}}
	flood := &member{Finding: Finding{Title: "Request flood"}}
	for _, tt := range []struct {
		name    string
		members []*member
		n       Notification
		want    string
	}{
		{
			"a client's",
			[]*member{flood},
			Notification{Family: finding.FamilyVolume, Entity: Entity{Type: "network", Value: "192.0.2.1"}, Service: "shop"},
			"Request flood by 192.0.2.1 at shop",
		},
		{
			"a client's of several findings",
			[]*member{flood, drop},
			Notification{Family: finding.FamilyVolume, Entity: Entity{Type: "principal", Value: "ann"}},
			"Anomalous volume by ann",
		},
		{
			"an endpoint's",
			[]*member{flood},
			Notification{Family: finding.FamilyVolume, Entity: Entity{Type: "endpoint", Value: "GET x/a"}, Service: "shop"},
			"Request flood on GET x/a at shop",
		},
		{
			"a service's own",
			[]*member{drop},
			Notification{Family: finding.FamilyVolume, Entity: Entity{Type: "service", Value: "shop"}, Service: "shop"},
			"Requests have stopped on shop",
		},
		{
			"of no family",
			[]*member{flood, drop},
			Notification{Entity: Entity{Type: "asn", Value: "AS64500"}},
			"Request flood by AS64500",
		},
	} {
		if got := title(tt.members, &tt.n); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
