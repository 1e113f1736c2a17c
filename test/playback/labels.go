package playback

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"gatewatch/internal/event"
)

// Actor is one client of the recordings, as labels.json tells.
type Actor struct {
	Address   netip.Addr `json:"address"`
	Actor     string     `json:"actor"`     // what it is: "human", "hydra", …
	Kind      string     `json:"kind"`      // "benign" or "attack"
	Detectors []string   `json:"detectors"` // of which at least one must speak
	Logs      []string   `json:"logs"`
}

// Network is the actor's network entity, as findings name it.
func (a *Actor) Network() string {
	e := event.Event{Client: a.Address}
	network, _ := e.Entity(event.KindNetwork)
	return network.Value
}

// Attacks tells an attacker.
func (a *Actor) Attacks() bool { return a.Kind == "attack" }

// Actors reads the labels of a directory of recordings, of those actors that are in a log of the directory itself.
func Actors(dir string) ([]Actor, error) {
	b, err := os.ReadFile(filepath.Join(dir, "labels.json"))
	if err != nil {
		return nil, fmt.Errorf("reading labels: %w", err)
	}
	var labels struct{ Actors []Actor }
	if err := json.Unmarshal(b, &labels); err != nil {
		return nil, fmt.Errorf("reading labels: %w", err)
	}
	var here []Actor
	for _, a := range labels.Actors {
		for _, log := range a.Logs {
			if filepath.Base(log) == log {
				here = append(here, a)
				break
			}
		}
	}
	return here, nil
}
