// Command site is the shop behind the recorded gateways: a handful of pages
// with their assets, a login form, a JSON API and a small editorial area.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

func run() error {
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	failure := flag.String("login-failure", "page", "answer to a wrong form login: page (200) or redirect (302)")
	flag.Parse()
	if *failure != "page" && *failure != "redirect" {
		return fmt.Errorf("reading flags: -login-failure is %q, want page or redirect", *failure)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{
		Addr:              *listen,
		Handler:           New(*failure == "redirect", 8*time.Millisecond),
		ReadHeaderTimeout: 5 * time.Second,
	}
	return serve(ctx, server)
}

// serve runs the server until the context ends.
func serve(ctx context.Context, server *http.Server) error {
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return fmt.Errorf("listening on %s: %w", server.Addr, err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stopping the site: %w", err)
	}
	return nil
}
