// Package follow reads log files that grow into an intake of lines.
package follow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/event"
	"gatewatch/internal/tail"
	"gatewatch/internal/telemetry"
)

// Files are the files that are followed: a source of their lines, each with its file's fingerprint for a topic and the place
// of its first byte for an offset. It may be run again when it has ended.
type Files struct {
	tailer   *tail.Tailer
	services map[string]string // by path
	log      *slog.Logger
	intake   Intake
	lines    []Line
}

var _ tail.Sink = (*Files)(nil)

// New makes the files that a configuration names.
func New(cfg *config.Config, env service.Env) (*Files, error) {
	f := &Files{services: cfg.Ingest.Services, log: env.Log}
	var err error
	f.tailer, err = tail.New(tail.Config{
		Files: cfg.Ingest.Files, Dir: cfg.Ingest.DataDir, MaxLine: cfg.Limits.MaxLine, Log: env.Log, Metrics: env.Metrics,
	}, f)
	return f, err
}

// Run reads lines into the intake until the context ends. A directory that cannot be read is waited for: the other inputs go on meanwhile.
func (f *Files) Run(ctx context.Context, in Intake) error {
	f.intake = in
	err := service.Retry(ctx, f.log, "following files", func(context.Context) error { return named(f.tailer.Open()) })
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return nil
		}
		return err
	}
	err = f.tailer.Run(ctx)
	if err != nil && ctx.Err() != nil {
		// Nothing is lost by that: what is read again has the same origin, and is dropped.
		f.log.ErrorContext(ctx, "positions in files are not saved, what was read last is read again at the next start", "err", named(err))
		return nil //nolint:nilerr // it has been handled
	}
	return err
}

// busyBytes is how much of files may wait for whoever reads them to be no more behind than lines that come all the time make
// them.
const busyBytes = 512 << 10

// Busy tells that files have more to give.
func (f *Files) Busy() bool { return f.tailer.Behind() > busyBytes }

// Check tells whether positions can be kept.
func (f *Files) Check() telemetry.Check {
	if err := named(f.tailer.Trouble()); err != nil {
		return telemetry.Check{Name: "files", Detail: err.Error()}
	}
	return telemetry.Check{Name: "files", OK: true}
}

// named says where to look, and what to do.
func named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("ingest.data_dir: %w", service.Advise(err))
}

// Take implements tail.Sink; it is called by Run.
func (f *Files) Take(ctx context.Context, b tail.Batch, acked func()) error {
	f.lines = f.lines[:0]
	for _, l := range b.Lines {
		f.lines = append(f.lines, Line{
			Origin: event.Origin{Topic: b.Topic, Offset: l.Offset}, Data: l.Data, Service: f.services[b.Path],
		})
	}
	return f.intake.Take(ctx, f.lines, acked)
}
