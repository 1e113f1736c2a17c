package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// browser opens pages in a headless Chromium, one after the other with think
// time, keeping one profile so that its cache works as a person's would.
func browser(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	pages := []string{"/", "/products", "/products/desk-lamp", "/products/oak-chair", "/blog", "/blog/led-or-not", "/search?q=lamp", "/about"}
	for range o.Count {
		arguments := []string{
			"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--disable-dev-shm-usage", "--user-data-dir=" + filepath.Join(o.Work, "profile"),
			"--host-resolver-rules=MAP shop.example:80 " + o.Address, "--timeout=8000", "--dump-dom",
		}
		if o.Agent != "" {
			arguments = append(arguments, "--user-agent="+o.Agent)
		}
		arguments = append(arguments, origin+pages[v.rng.IntN(len(pages))])
		if _, err := output(ctx, "/usr/bin/chromium", arguments...); err != nil {
			return err
		}
		if !v.Think(ctx, 6*time.Second, 25*time.Second) {
			return nil
		}
	}
	return nil
}

// script is a small nightly job of a customer, made of calls of curl.
func script(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	account := v.Customer()
	login, err := json.Marshal(map[string]string{"username": account.Name, "password": account.Password})
	if err != nil {
		return fmt.Errorf("writing a login: %w", err)
	}
	connect := []string{"--silent", "--max-time", "5", "--connect-to", "shop.example:80:" + o.Address}
	text, err := output(ctx, "curl", append(
		connect, "--json", string(login), origin+"/api/v1/login",
	)...)
	if err != nil {
		return err
	}
	var success struct{ Token string }
	if err := json.Unmarshal([]byte(text), &success); err != nil {
		return fmt.Errorf("reading a login: %w", err)
	}
	paths := []string{"/api/v1/orders", "/api/v1/users/" + account.UUID, "/api/v1/stock/bench", "/products"}
	for i := 0; v.Pause(ctx); i++ {
		arguments := append(connect, "--header", "Authorization: Bearer "+success.Token, origin+paths[i%len(paths)])
		if _, err := output(ctx, "curl", arguments...); err != nil && ctx.Err() == nil {
			// Like the jobs it stands for, it tries again next time.
			fmt.Fprintln(os.Stderr, "traffic:", err)
		}
	}
	return nil
}

// output runs a program and returns what it prints.
func output(ctx context.Context, name string, arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var text, problem strings.Builder
	command := exec.CommandContext(ctx, name, arguments...)
	command.Stdout, command.Stderr = &text, &problem
	command.WaitDelay = 2 * time.Second
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("running %s: %w: %s", name, err, strings.TrimSpace(problem.String()))
	}
	return text.String(), nil
}
