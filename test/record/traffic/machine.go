package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gatewatch/test/record/accounts"
)

var spaces = strings.NewReplacer(" ", "+")

// app logs in once and polls for new orders; sometimes it looks at one of its
// own orders.
func app(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	account := v.Customer()
	if err := v.APILogin(ctx, account.Name, account.Password); err != nil {
		return err
	}
	if _, err := v.Get(ctx, "/api/v1/users/"+account.UUID, ""); err != nil {
		return err
	}
	own := accounts.Orders(account.Name)
	since := 1760000000 + v.rng.IntN(1000)
	for v.Pause(ctx) {
		since += int(o.Interval.Seconds()) + 1
		if _, err := v.Get(ctx, fmt.Sprintf("/api/v1/orders?since=%d", since), ""); err != nil {
			return err
		}
		if v.rng.IntN(30) != 0 {
			continue
		}
		if _, err := v.Get(ctx, fmt.Sprintf("/api/v1/orders/%d", own[v.rng.IntN(len(own))]), ""); err != nil {
			return err
		}
	}
	return nil
}

// crawler reads robots.txt and the sitemap, then follows links at a polite
// pace, keeping out of what robots.txt disallows. It meets the broken links, and
// it comes back to as many removed pages as the count says.
func crawler(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	queue := []string{"/robots.txt", "/sitemap.xml", "/"}
	seen := map[string]bool{"/search": true, "/logout": true}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] || strings.HasPrefix(path, "/admin") {
			continue
		}
		seen[path] = true
		answer, err := v.Get(ctx, path, "")
		if err != nil {
			return err
		}
		queue = append(queue, paths(linkPattern, answer.Body)...)
		if n := len(seen); n%3 == 0 && n/3 <= o.Count {
			queue = append([]string{fmt.Sprintf("/blog/2014/%02d/post-%d", n%12+1, n*7)}, queue...)
		}
		if !v.Pause(ctx) {
			return nil
		}
	}
	return nil
}

// probe asks for /health at a steady beat.
func probe(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	beat := time.NewTicker(o.Interval)
	defer beat.Stop()
	for {
		if _, err := v.Get(ctx, "/health", ""); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-beat.C:
		}
	}
}
