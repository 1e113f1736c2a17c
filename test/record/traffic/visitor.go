package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"gatewatch/test/record/accounts"
)

const (
	origin   = "http://shop.example"
	formKind = "application/x-www-form-urlencoded"
	jsonKind = "application/json"
)

// Visitor is one HTTP client with a cookie jar and a memory of what it has
// already fetched, like the cache of a browser.
type Visitor struct {
	client  *http.Client
	options Options
	rng     *rand.Rand
	cached  map[string]bool
	token   string
	address string // what X-Forwarded-For claims, if anything
}

// Request is what a visitor asks for; only the method and the path are needed.
type Request struct {
	Method  string
	Path    string
	Kind    string // Content-Type
	Body    string
	Referer string
}

// Answer is what a visitor keeps of a response.
type Answer struct {
	Status int
	Body   string
}

// NewVisitor returns a visitor who reaches the shop at the gateway's address.
func NewVisitor(o Options) (*Visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("making a cookie jar: %w", err)
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, o.Address)
		},
		MaxIdleConnsPerHost: 4,
	}
	return &Visitor{
		client:  &http.Client{Transport: transport, Jar: jar, Timeout: 10 * time.Second},
		options: o,
		rng:     rand.New(rand.NewPCG(o.Seed, 77)),
		cached:  map[string]bool{},
	}, nil
}

// Get fetches a path.
func (v *Visitor) Get(ctx context.Context, path, referer string) (Answer, error) {
	return v.Do(ctx, Request{Method: http.MethodGet, Path: path, Referer: referer})
}

// Do sends one request and reads the answer.
func (v *Visitor) Do(ctx context.Context, ask Request) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, ask.Method, origin+ask.Path, strings.NewReader(ask.Body))
	if err != nil {
		return Answer{}, fmt.Errorf("making a request for %s: %w", ask.Path, err)
	}
	for name, value := range map[string]string{
		"User-Agent": v.options.Agent, "Content-Type": ask.Kind, "Referer": ask.Referer, "X-Forwarded-For": v.address,
	} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	response, err := v.client.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("fetching %s: %w", ask.Path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return Answer{}, fmt.Errorf("reading %s: %w", ask.Path, err)
	}
	return Answer{Status: response.StatusCode, Body: string(text)}, nil
}

// FormLogin sends the login form; the answer of a success is the account page.
func (v *Visitor) FormLogin(ctx context.Context, name, password string) (Answer, error) {
	form := url.Values{"username": {name}, "password": {password}}.Encode()
	return v.Do(ctx, Request{
		Method: http.MethodPost, Path: "/login", Kind: formKind, Body: form, Referer: origin + "/login",
	})
}

// APILogin logs in by JSON and keeps the token of a success.
func (v *Visitor) APILogin(ctx context.Context, name, password string) error {
	body, err := json.Marshal(map[string]string{"username": name, "password": password})
	if err != nil {
		return fmt.Errorf("writing a login: %w", err)
	}
	answer, err := v.Do(ctx, Request{Method: http.MethodPost, Path: "/api/v1/login", Kind: jsonKind, Body: string(body)})
	if err != nil {
		return err
	}
	var success struct{ Token string }
	if answer.Status == http.StatusOK && json.Unmarshal([]byte(answer.Body), &success) == nil {
		v.token = success.Token
	}
	return nil
}

// Customer returns the account this visitor plays.
func (v *Visitor) Customer() accounts.Account {
	customers := accounts.Customers()
	return customers[v.options.User%len(customers)]
}

// Think waits a random time between the two and says whether to go on.
func (v *Visitor) Think(ctx context.Context, shortest, longest time.Duration) bool {
	wait := shortest + time.Duration(v.rng.Int64N(int64(longest-shortest)+1))
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}

// Pause waits around the interval of the options, give or take a third.
func (v *Visitor) Pause(ctx context.Context) bool {
	third := v.options.Interval / 3
	return v.Think(ctx, v.options.Interval-third, v.options.Interval+third)
}
