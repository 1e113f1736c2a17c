package ingest

import (
	"context"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/event"
	"gatewatch/internal/tail"
)

// followed is the files that are followed: a Source of their lines, each with its file's fingerprint for a topic and the
// place of its first byte for an offset.
type followed struct {
	tailer   *tail.Tailer
	services map[string]string // by path
	intake   Intake
	lines    []Line
}

var (
	_ Source    = (*followed)(nil)
	_ tail.Sink = (*followed)(nil)
)

func newFollowed(cfg *config.Config, env service.Env) (*followed, error) {
	f := &followed{services: cfg.Ingest.Services}
	var err error
	f.tailer, err = tail.New(tail.Config{
		Files: cfg.Ingest.Files, Dir: cfg.Ingest.DataDir, MaxLine: cfg.Limits.MaxLine, Log: env.Log, Metrics: env.Metrics,
	}, f)
	return f, err
}

// Run implements Source.
func (f *followed) Run(ctx context.Context, in Intake) error {
	f.intake = in
	return f.tailer.Run(ctx)
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
