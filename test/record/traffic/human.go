package main

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// human reads pages, searches now and then, and thinks in between.
func human(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	return v.Browse(ctx, "/")
}

// Browse walks from page to page until the context ends.
func (v *Visitor) Browse(ctx context.Context, path string) error {
	queries := []string{"lamp", "oak", "chair", "bench", "garden chair", "led", "stool"}
	referer := ""
	for {
		links, err := v.Open(ctx, path, referer)
		if err != nil {
			return err
		}
		if !v.Think(ctx, 4*time.Second, 22*time.Second) {
			return nil
		}
		referer = origin + path
		switch {
		case v.rng.IntN(6) == 0:
			path = "/search?q=" + queries[v.rng.IntN(len(queries))]
			path = spaces.Replace(path)
		case len(links) > 0:
			path = links[v.rng.IntN(len(links))]
		default:
			path, referer = "/", ""
		}
	}
}

// mistyper gets the password wrong two or three times, perhaps asks for a new
// one, and then remembers it.
func mistyper(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	if _, err := v.Open(ctx, "/login", origin+"/"); err != nil {
		return err
	}
	account := v.Customer()
	wrong := 2 + v.rng.IntN(2)
	for range wrong {
		if !v.Think(ctx, 5*time.Second, 12*time.Second) {
			return nil
		}
		if _, err := v.FormLogin(ctx, account.Name, account.Password+"1"); err != nil {
			return err
		}
	}
	if wrong == 3 && v.Think(ctx, 3*time.Second, 6*time.Second) {
		form := url.Values{"username": {account.Name}}.Encode()
		reset := Request{Method: http.MethodPost, Path: "/reset", Kind: formKind, Body: form, Referer: origin + "/login"}
		if _, err := v.Do(ctx, reset); err != nil {
			return err
		}
	}
	if !v.Think(ctx, 8*time.Second, 20*time.Second) {
		return nil
	}
	if _, err := v.FormLogin(ctx, account.Name, account.Password); err != nil {
		return err
	}
	return v.Browse(ctx, "/products")
}

// office is several people and one of their scripts behind one address. They
// log in during the same minutes, and some mistype once, as at nine o'clock.
func office(ctx context.Context, o Options) error {
	agents := []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
		"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
	}
	failed := make([]error, len(agents))
	var people sync.WaitGroup
	for i, agent := range agents {
		one := o
		one.Agent, one.Seed, one.User = agent, o.Seed+uint64(i)*101, o.User+i
		people.Go(func() { failed[i] = colleague(ctx, one, i%3 == 1) })
	}
	o.Agent, o.Interval = "partner-sync/2.3 (+http://partner.example)", 9*time.Second
	err := app(ctx, o)
	people.Wait()
	for _, one := range failed {
		if one != nil {
			return one
		}
	}
	return err
}

// colleague arrives some time later, logs in, and browses.
func colleague(ctx context.Context, o Options, mistypes bool) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	if !v.Think(ctx, time.Second, 50*time.Second) {
		return nil
	}
	if _, err := v.Open(ctx, "/login", ""); err != nil {
		return err
	}
	account := v.Customer()
	if mistypes && v.Think(ctx, 4*time.Second, 9*time.Second) {
		if _, err := v.FormLogin(ctx, account.Name, "Summer"); err != nil {
			return err
		}
	}
	if !v.Think(ctx, 4*time.Second, 12*time.Second) {
		return nil
	}
	if _, err := v.FormLogin(ctx, account.Name, account.Password); err != nil {
		return err
	}
	return v.Browse(ctx, "/products")
}
