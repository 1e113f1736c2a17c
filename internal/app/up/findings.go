package up

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/finding"
	"gatewatch/internal/nats"
	"gatewatch/internal/terminal/report"
)

// findings prints findings as they come.
type findings struct {
	client *nats.Client
	least  finding.Severity
	json   bool
	w      *bufio.Writer
	live   *report.Live
	failed error // of the first write that failed
}

// watch connects to what carries the findings.
func (c *Config) watch(ctx context.Context, cfg config.Config) (*findings, error) {
	f := &findings{json: c.JSON, w: bufio.NewWriter(c.Out)}
	if c.MinSeverity != "" {
		least, err := finding.ParseSeverity(c.MinSeverity)
		if err != nil {
			return nil, fmt.Errorf("--min-severity: %w", err)
		}
		f.least = least
	}
	f.live = report.NewLive(f.w, report.Layout{Width: c.Screen.Width, Colour: c.Screen.Colour})
	conn, err := service.NATS(cfg)
	if err != nil {
		return nil, err
	}
	conn.Log, conn.Name = c.Log, "gatewatch-up"
	if f.client, err = nats.Connect(ctx, conn); err != nil {
		return nil, err
	}
	if err := f.client.EnsureStreams(ctx); err != nil {
		f.client.Close()
		return nil, err
	}
	return f, nil
}

// run prints until the context ends. A reader that has gone, such as head, ends it.
func (f *findings) run(ctx context.Context) error {
	defer f.client.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := f.client.Watch(ctx, func(v *finding.Finding) {
		if v.Severity < f.least || f.failed != nil {
			return
		}
		if f.failed = f.print(v); f.failed != nil {
			cancel()
		}
	})
	if f.failed != nil {
		return fmt.Errorf("printing findings: %w", f.failed)
	}
	return err
}

func (f *findings) print(v *finding.Finding) error {
	if f.json {
		if err := jsonLine(f.w, v); err != nil {
			return err
		}
	} else {
		f.live.Show(v)
	}
	return f.w.Flush()
}

func jsonLine(w io.Writer, v *finding.Finding) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}
