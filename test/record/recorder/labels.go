package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Labels are the truth about a recording.
type Labels struct {
	RecordedAt time.Time         `json:"recorded_at"`
	Tools      map[string]string `json:"tools"`
	Gateways   map[string]string `json:"gateways"`
	Actors     []Label           `json:"actors"`
}

// Label says who was behind an address.
type Label struct {
	Address   string         `json:"address"`
	Actor     string         `json:"actor"`
	Kind      string         `json:"kind"`
	Class     string         `json:"class,omitempty"`
	Detectors []string       `json:"detectors,omitempty"`
	Logs      []string       `json:"logs"`
	Lines     map[string]int `json:"lines"`
	From      time.Time      `json:"from"`
	To        time.Time      `json:"to"`
	Note      string         `json:"note,omitempty"`
}

// writeLabels writes labels.json.
func writeLabels(ctx context.Context, s Settings, cast []Actor, seen map[string]*Sighting, begin time.Time) error {
	labels := Labels{RecordedAt: begin.UTC().Truncate(time.Second)}
	var err error
	labels.Tools, err = versions(
		ctx, "chromium", "curl", "dirb", "ffuf", "gobuster", "hydra", "nmap", "sqlmap", "wfuzz", "wrk",
	)
	if err != nil {
		return err
	}
	if labels.Gateways, err = versions(ctx, "apache2", "caddy", "haproxy", "nginx"); err != nil {
		return err
	}
	for _, a := range cast {
		found := seen[a.Address]
		labels.Actors = append(labels.Actors, Label{
			Address: a.Address, Actor: a.Name, Kind: a.Kind, Class: a.Class, Detectors: a.Detectors,
			Logs: found.Logs(), Lines: found.Lines, From: found.First.UTC(), To: found.Last.UTC(), Note: a.Note,
		})
	}
	slices.SortStableFunc(labels.Actors, func(a, b Label) int { return strings.Compare(a.Logs[0], b.Logs[0]) })
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(labels); err != nil {
		return fmt.Errorf("encoding the labels: %w", err)
	}
	if err := os.WriteFile(filepath.Join(s.Out, "labels.json"), text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the labels: %w", err)
	}
	progress("wrote the recordings to %s", s.Out)
	return nil
}

// versions asks the package manager for the versions of installed packages.
func versions(ctx context.Context, packages ...string) (map[string]string, error) {
	found := map[string]string{}
	for _, name := range packages {
		version, err := exec.CommandContext(ctx, "dpkg-query", "--show", "--showformat", "${Version}", name).Output()
		if err != nil {
			return nil, fmt.Errorf("asking for the version of %s: %w", name, err)
		}
		found[name] = string(version)
	}
	return found, nil
}
