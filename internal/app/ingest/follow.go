package ingest

import (
	"context"
	"fmt"
	"log/slog"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/event"
	"gatewatch/internal/tail"
	"gatewatch/internal/telemetry"
)

// followed is the files that are followed: a Source of their lines, each with its file's fingerprint for a topic and the
// place of its first byte for an offset.
type followed struct {
	tailer   *tail.Tailer
	services map[string]string // by path
	log      *slog.Logger
	intake   Intake
	lines    []Line
}

var (
	_ Source    = (*followed)(nil)
	_ tail.Sink = (*followed)(nil)
)

func newFollowed(cfg *config.Config, env service.Env) (*followed, error) {
	f := &followed{services: cfg.Ingest.Services, log: env.Log}
	var err error
	f.tailer, err = tail.New(tail.Config{
		Files: cfg.Ingest.Files, Dir: cfg.Ingest.DataDir, MaxLine: cfg.Limits.MaxLine, Log: env.Log, Metrics: env.Metrics,
	}, f)
	return f, err
}

// Run implements Source. A directory that cannot be read is waited for: the other inputs go on meanwhile.
func (f *followed) Run(ctx context.Context, in Intake) error {
	f.intake = in
	err := service.Retry(ctx, f.log, "following files", func(context.Context) error { return named(f.tailer.Open()) })
	if err != nil {
		return unlessCanceled(ctx, err)
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

// busy tells that files have more to give.
func (f *followed) busy() bool { return f.tailer.Behind() > busyBytes }

// check tells whether positions can be kept.
func (f *followed) check() telemetry.Check {
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
func (f *followed) Take(ctx context.Context, b tail.Batch, acked func()) error {
	f.lines = f.lines[:0]
	for _, l := range b.Lines {
		f.lines = append(f.lines, Line{
			Origin: event.Origin{Topic: b.Topic, Offset: l.Offset}, Data: l.Data, Service: f.services[b.Path],
		})
	}
	return f.intake.Take(ctx, f.lines, acked)
}
