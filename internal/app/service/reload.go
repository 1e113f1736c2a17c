package service

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
)

// Reloader is a Service that says which settings its Reload takes over; of a service that does not, reloadable says it.
type Reloader interface {
	// Reloads are keys of the configuration, each of them with all that is below it: "detectors", "alerter.receivers".
	Reloads() []string
}

// reloadable are the settings of detection and routing, which every service takes over as far as they concern it.
var reloadable = []string{
	"log.level", "detectors", "routes", "formats", "redact", "trusted_proxies", "client_header", "ingest.format", "ingest.services",
	"alerter.min_severity", "alerter.group_wait", "alerter.group_interval", "alerter.repeat_interval", "alerter.receivers",
	"alerter.allow_private",
}

// sections are the parts of the configuration that concern a service; none are all. What another service alone needs, such
// as the files of its secrets, it does not read.
func sections(name string) []string {
	shared := []string{"log", "hash_key", "hash_key_file", "limits", "kafka"}
	switch name {
	case "ingest":
		return append(shared, "ingest", "trusted_proxies", "client_header", "redact", "formats", "routes")
	case "detector":
		return append(shared, "detector", "detectors", "clickhouse", "nats", "routes")
	case "alerter":
		return append(shared, "alerter", "clickhouse", "nats")
	default:
		return nil
	}
}

var errStopping = errors.New("the service is stopping")

// Reload reads the configuration again and has the service take it over; one with faults changes nothing, and the error
// tells them all. It may be called while Run runs.
func (h *Host) Reload(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case h.requests <- done:
		return <-done
	case <-h.ended:
		return errStopping
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serveReloads owns the configuration that holds.
func (h *Host) serveReloads(ctx context.Context) error {
	defer close(h.ended)
	current := h.cfg.Config
	for {
		select {
		case <-ctx.Done():
			return nil
		case done := <-h.requests:
			if h.stopping.Load() {
				done <- errStopping
				continue
			}
			done <- h.reload(ctx, &current)
		case <-h.cfg.Hangup:
			_ = h.reload(ctx, &current) // it has been logged; nobody waits for an answer
		}
	}
}

func (h *Host) reload(ctx context.Context, current *config.Config) error {
	if h.cfg.Load == nil {
		h.cfg.Log.WarnContext(ctx, "there is no configuration file to read again")
		return nil
	}
	h.tell(ctx, telemetry.StateReloading)
	defer h.tell(ctx, telemetry.StateReady)
	next, err := h.cfg.Load()
	if err == nil {
		err = h.cfg.Service.Reload(next)
	}
	if err == nil && h.cfg.Reloaded != nil {
		err = h.cfg.Reloaded(next)
	}
	h.reloads.Done(err)
	if err != nil {
		h.logFaults(ctx, err)
		return err
	}
	h.warn(ctx, next)
	// What needs a restart goes on needing it, however often the file is read in between.
	if keys := h.needRestart(config.Changed(h.cfg.Config, next)); len(keys) > 0 {
		h.cfg.Log.WarnContext(ctx, "settings have changed that need a restart", "keys", strings.Join(keys, " "))
	}
	h.cfg.Log.InfoContext(ctx, "configuration reloaded", "changed", len(config.Changed(*current, next)))
	*current = next
	return nil
}

// needRestart are those of the changed keys that concern the service and that it does not take over while it runs.
func (h *Host) needRestart(changed []string) []string {
	takesOver := reloadable
	if r, ok := h.cfg.Service.(Reloader); ok {
		takesOver = append([]string{"log.level"}, r.Reloads()...)
	}
	return slices.DeleteFunc(changed, func(key string) bool {
		return len(h.cfg.Sections) > 0 && !below(key, h.cfg.Sections) || below(key, takesOver)
	})
}

// below tells whether a key is one of others, or below one.
func below(key string, others []string) bool {
	return slices.ContainsFunc(others, func(o string) bool {
		rest, ok := strings.CutPrefix(key, o)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}
