package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gatewatch/test/record/accounts"
)

// walk logs in as one customer and asks for many objects by number, in
// sequence or at random.
func walk(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	account := v.Customer()
	if err := v.APILogin(ctx, account.Name, account.Password); err != nil {
		return err
	}
	span := len(accounts.Customers()) * accounts.OrdersPerCustomer
	next := accounts.FirstOrder + v.rng.IntN(span/2)
	for range o.Count {
		if o.Order == "random" {
			// A fifth of the numbers lies past the last order.
			next = accounts.FirstOrder + v.rng.IntN(span*5/4)
		}
		if _, err := v.Get(ctx, strings.ReplaceAll(o.Path, "{id}", strconv.Itoa(next)), ""); err != nil {
			return err
		}
		next++
		if !v.Pause(ctx) {
			return nil
		}
	}
	return nil
}

// stuffing tries a list of stolen names with one password each. Every
// thirtieth is a customer who used the same password here.
func stuffing(ctx context.Context, o Options) error {
	customers := accounts.Customers()
	pace, err := NewVisitor(o)
	if err != nil {
		return err
	}
	for i := range o.Count {
		v, err := NewVisitor(o) // without the cookies of the try before
		if err != nil {
			return err
		}
		name, password := fmt.Sprintf("reader%03d@mail.example", i*7), fmt.Sprintf("hunter%d", i*i%977)
		switch {
		case i%30 == 17:
			name, password = customers[i%len(customers)].Name, customers[i%len(customers)].Password
		case i%3 == 0:
			name = customers[i%len(customers)].Name
		}
		if o.Forge {
			v.address = fmt.Sprintf("198.51.100.%d", 200+i%50)
		}
		if err := v.tryLogin(ctx, name, password); err != nil {
			return err
		}
		v.client.CloseIdleConnections()
		if !pace.Pause(ctx) {
			return nil
		}
	}
	return nil
}

func (v *Visitor) tryLogin(ctx context.Context, name, password string) error {
	if v.options.API {
		return v.APILogin(ctx, name, password)
	}
	_, err := v.FormLogin(ctx, name, password)
	return err
}

// creep asks for things that should not be there, slowly, with a browser's
// User-Agent, so that neither the rate nor the agent gives it away.
func creep(ctx context.Context, o Options) error {
	v, err := NewVisitor(o)
	if err != nil {
		return err
	}
	wanted := []string{
		"/.env", "/.git/config", "/.git/HEAD", "/wp-login.php", "/phpinfo.php", "/.aws/credentials", "/config.json",
		"/.svn/entries", "/backup.zip", "/db.sql", "/dump.sql.gz", "/server-status", "/actuator/env", "/.htpasswd",
		"/id_rsa", "/.ssh/id_rsa", "/web.config", "/.DS_Store", "/docker-compose.yml", "/.env.production",
		"/api/swagger.json", "/v2/api-docs", "/adminer.php", "/phpmyadmin/", "/console", "/.npmrc",
		"/wp-config.php.bak", "/old/", "/test.php", "/storage/logs/laravel.log", "/debug/pprof/", "/.vscode/sftp.json",
		"/credentials.txt", "/secrets.yml", "/api/.env", "/private.key", "/.bash_history", "/cgi-bin/test.cgi",
	}
	v.rng.Shuffle(len(wanted), func(i, j int) { wanted[i], wanted[j] = wanted[j], wanted[i] })
	for _, path := range wanted[:min(o.Count, len(wanted))] {
		if _, err := v.Get(ctx, path, ""); err != nil {
			return err
		}
		if !v.Pause(ctx) {
			return nil
		}
	}
	return nil
}
