package main

import (
	"strconv"
	"time"
)

// Agents of the people and apps that the traffic program plays.
const (
	chromeAgent  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
	firefoxAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0"
	safariAgent  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"
	phoneAgent   = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36"
	appAgent     = "LampChair/4.2.1 (Android 14; Pixel 7)"
	botAgent     = "Mozilla/5.0 (compatible; ExampleBot/1.4; +http://bot.example/about)"
	probeAgent   = "uptime-probe/1.9"
	pythonAgent  = "python-requests/2.31.0"
)

// Cast returns every actor of the recording, or those of one gateway.
func Cast(only string) []Actor {
	var cast []Actor
	for _, a := range append(visitors(), attackers()...) {
		if only == "" || a.Gateway == only {
			cast = append(cast, a)
		}
	}
	return cast
}

// at gives an actor its place and its time, in seconds.
func (a Actor) at(gateway, address string, from, seconds int) Actor {
	a.Gateway, a.Address = gateway, address
	a.Start, a.For = time.Duration(from)*time.Second, time.Duration(seconds)*time.Second
	// The address gives each actor a seed of its own that stays the same.
	seed := 7
	for _, c := range address {
		seed = seed*31%100003 + int(c)
	}
	for i, argument := range a.Argv {
		if argument == "$SEED" {
			a.Argv[i] = strconv.Itoa(seed)
		}
	}
	return a
}

// noted adds to what the labels say about an actor.
func (a Actor) noted(note string) Actor {
	if a.Note != "" {
		note = a.Note + "; " + note
	}
	a.Note = note
	return a
}

// played is an actor played by the traffic program.
func played(behaviour, agent, note string, options ...string) Actor {
	argv := []string{"$TRAFFIC", "-address", "$HOST:80", "-seed", "$SEED", "-user", "$SEED", "-for", "$FOR", "-agent", agent, "-work", "$DIR"}
	argv = append(append(argv, options...), behaviour)
	return Actor{Name: behaviour, Kind: benign, Argv: argv, Note: note}
}
