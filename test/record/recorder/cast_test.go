package main

import "testing"

func TestCastIsSound(t *testing.T) {
	if err := checkCast(Cast("")); err != nil {
		t.Fatal(err)
	}
	for _, a := range Cast("") {
		if a.Kind == attack && (a.Class == "" || len(a.Detectors) == 0) {
			t.Errorf("%s at %s has no class or detectors", a.Name, a.Address)
		}
		if len(a.Argv) == 0 || a.For <= 0 {
			t.Errorf("%s at %s does nothing", a.Name, a.Address)
		}
	}
}

func TestEveryGatewayMeetsBothKinds(t *testing.T) {
	count := map[string]map[string]int{benign: {}, attack: {}}
	for _, a := range Cast("") {
		count[a.Kind][a.Gateway]++
	}
	for name := range gateways() {
		if count[benign][name] < 5 || count[attack][name] < 5 {
			t.Errorf("%s meets %d benign actors and %d attackers", name, count[benign][name], count[attack][name])
		}
	}
}
