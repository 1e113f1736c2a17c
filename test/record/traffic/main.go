// Command traffic plays one visitor of the recorded shop: a person with think
// time, an app that polls, a crawler, an editor, or one of the attacks that no
// common tool makes.
package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Options say how a visitor behaves; each behaviour reads what it needs.
type Options struct {
	Address  string        // where the gateway listens
	Seed     uint64        // of every random choice
	For      time.Duration // when to stop at the latest
	Agent    string        // User-Agent
	User     int           // which customer to be
	Count    int           // how many requests an attack makes
	Interval time.Duration // mean time between two requests
	Path     string        // of an object walk, with {id}
	Order    string        // of an object walk: sequential or random
	API      bool          // log in by JSON instead of the form
	Forge    bool          // send invented X-Forwarded-For addresses
	Work     string        // a folder for what a browser keeps
}

// Behaviour is what a visitor does until it is done or the context ends.
type Behaviour func(ctx context.Context, o Options) error

func behaviours() map[string]Behaviour {
	return map[string]Behaviour{
		"human": human, "browser": browser, "app": app, "crawler": crawler, "office": office,
		"probe": probe, "editor": editor, "mistyper": mistyper, "clerk": clerk, "script": script,
		"walk": walk, "stuffing": stuffing, "creep": creep,
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "traffic:", err)
		os.Exit(1)
	}
}

func run() error {
	var o Options
	flag.StringVar(&o.Address, "address", "", "host:port of the gateway")
	flag.Uint64Var(&o.Seed, "seed", 1, "seed of every random choice")
	flag.DurationVar(&o.For, "for", time.Minute, "when to stop at the latest")
	flag.StringVar(&o.Agent, "agent", "", "User-Agent")
	flag.IntVar(&o.User, "user", 0, "which customer to be")
	flag.IntVar(&o.Count, "count", 100, "how many requests an attack makes")
	flag.DurationVar(&o.Interval, "interval", time.Second, "mean time between two requests")
	flag.StringVar(&o.Path, "path", "/api/v1/orders/{id}", "path of an object walk")
	flag.StringVar(&o.Order, "order", "sequential", "order of an object walk: sequential or random")
	flag.BoolVar(&o.API, "api", false, "log in by JSON instead of the form")
	flag.BoolVar(&o.Forge, "forge", false, "send invented X-Forwarded-For addresses")
	flag.StringVar(&o.Work, "work", "", "folder for what a browser keeps")
	flag.Parse()

	known := behaviours()
	behave, ok := known[flag.Arg(0)]
	if !ok {
		names := strings.Join(slices.Sorted(maps.Keys(known)), ", ")
		return fmt.Errorf("choosing a behaviour: %q is not one of %s", flag.Arg(0), names)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, o.For)
	defer cancel()
	if err := behave(ctx, o); err != nil && ctx.Err() == nil {
		return fmt.Errorf("behaving as %s: %w", flag.Arg(0), err)
	}
	return nil
}
