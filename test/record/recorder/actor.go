package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The two kinds of actors.
const (
	benign = "benign"
	attack = "attack"
)

// Actor is one client of the recording with its own address.
type Actor struct {
	Name      string
	Kind      string
	Class     string   // of an attack: what it is
	Detectors []string // of an attack: which detectors may rightly report it
	Address   string
	Gateway   string
	Start     time.Duration // after the recording began
	For       time.Duration // at the latest it is stopped then
	Argv      []string      // with $HOST, $DIR and the like
	Note      string
}

// Space is the name of the actor's network namespace.
func (a Actor) Space() string {
	return prefix + strings.NewReplacer(".", "-", ":", "-").Replace(a.Address)
}

// checkCast makes sure that the addresses are documentation addresses and that
// no two actors share one.
func checkCast(cast []Actor) error {
	ranges := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"),
	}
	seen := map[netip.Addr]bool{}
	for _, a := range cast {
		address, err := netip.ParseAddr(a.Address)
		if err != nil {
			return fmt.Errorf("checking the cast: %w", err)
		}
		documented := false
		for _, r := range ranges {
			documented = documented || r.Contains(address)
		}
		if _, known := gateways()[a.Gateway]; !known || !documented || seen[address] {
			return fmt.Errorf("checking the cast: %s at %s: gateway unknown, or address taken or not for documentation", a.Name, a.Address)
		}
		seen[address] = true
	}
	return nil
}

// length is how long the cast takes at most.
func length(cast []Actor) time.Duration {
	var longest time.Duration
	for _, a := range cast {
		longest = max(longest, a.Start+a.For)
	}
	return longest
}

// perform lets every actor act at its time and waits for all of them.
func perform(ctx context.Context, s Settings, cast []Actor) {
	var actors sync.WaitGroup
	for _, a := range cast {
		actors.Go(func() {
			select {
			case <-ctx.Done():
			case <-time.After(a.Start):
				act(ctx, s, a)
			}
		})
	}
	actors.Wait()
}

// act runs the program of one actor.
func act(ctx context.Context, s Settings, a Actor) {
	dir := filepath.Join(s.Dir, "actors", a.Space())
	values := map[string]string{
		"HOST": gateways()[a.Gateway].Host(a.Address), "DIR": dir, "FOR": a.For.String(),
		"TRAFFIC": filepath.Join(s.Bin, "traffic"), "WRK": filepath.Join(s.Source, "wrk"),
		"WORDS": filepath.Join(s.Dir, "words.txt"), "FEWWORDS": filepath.Join(s.Dir, "few-words.txt"),
		"PASSWORDS": filepath.Join(s.Dir, "passwords.txt"),
	}
	argv := make([]string, len(a.Argv))
	for i, argument := range a.Argv {
		argv[i] = os.Expand(argument, func(name string) string { return values[name] })
	}
	p, err := start(ctx, a.Space(), dir, "actor", argv)
	if err != nil {
		progress("%v", err)
		return
	}
	progress("%-7s %-14s %-18s to %s begins", a.Kind, a.Name, a.Address, a.Gateway)
	// A little longer than the actor's own limit, so that it can end by itself.
	outcome := p.Wait(ctx, a.For+5*time.Second)
	progress("%-7s %-14s %-18s to %s: %s", a.Kind, a.Name, a.Address, a.Gateway, outcome)
}
