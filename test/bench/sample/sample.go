// Package sample is the traffic that the services are measured with: what `gatewatch simulate` has an nginx write as JSON,
// of people, apps, partners and attackers, with the fields that gateways log in practice. A combined log has neither
// host nor service, duration, account, request id nor fingerprint: its events are half as large, and say little.
package sample

import (
	"context"
	"errors"
	"fmt"

	"gatewatch/internal/app/simulate"
)

const (
	// clients is how many people, phones and partners there are. With their families, offices and changing addresses they
	// are several times as many entities.
	clients = 20_000
	// linesPerDay is how many lines they make in a day, or a few more.
	linesPerDay = 36 * clients
)

// errEnough ends a simulation.
var errEnough = errors.New("there are lines enough")

// Lines gives the first n lines of a simulation, always the same ones. A line is good until yield returns.
func Lines(ctx context.Context, n int, yield func(line []byte) error) error {
	cfg := simulate.DefaultConfig()
	cfg.Clients, cfg.Days = clients, n/linesPerDay+1
	run, err := simulate.New(cfg, &lines{left: n, yield: yield})
	if err == nil {
		err = run.Run(ctx)
	}
	switch {
	case errors.Is(err, errEnough):
		return nil
	case err != nil:
		return fmt.Errorf("simulating traffic: %w", err)
	default:
		return fmt.Errorf("simulating traffic: fewer than %d lines in %d days", n, cfg.Days)
	}
}

// lines implements scene.Sink.
type lines struct {
	left  int
	yield func(line []byte) error
}

func (l *lines) Line(line []byte) error {
	if l.left == 0 {
		return errEnough
	}
	l.left--
	return l.yield(line)
}
