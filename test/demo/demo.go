package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"gatewatch/internal/kafka"
	"gatewatch/test/playback"
)

const (
	topic = "access.raw"
	// startWait is how long the stack may take to start, its one-time download included.
	startWait = 10 * time.Minute
	// settleWait is how long everything may take to arrive after the last line was sent.
	settleWait = 60 * time.Second
	// stopWait is how long the stack may take to stop.
	stopWait = 30 * time.Second
)

// demo is one run.
type demo struct {
	program, recordings, dir string
	exit                     bool
	screen                   screen

	ports ports
	sink  sink
	store store
}

// ports are those of the stack, all on loopback.
type ports struct{ kafka, nats, clickhouse, http int }

func (d *demo) run(ctx context.Context) (err error) {
	if d.dir == "" {
		if d.dir, err = os.MkdirTemp("", "gatewatch-demo."); err != nil {
			return fmt.Errorf("making scratch directory: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(d.dir)) }()
	}
	lines, err := playback.Load(d.recordings)
	if err != nil {
		return err
	}
	actors, err := playback.Actors(d.recordings)
	if err != nil {
		return err
	}
	if d.ports, err = freePorts(ctx); err != nil {
		return err
	}
	d.store = store{url: fmt.Sprintf("http://127.0.0.1:%d/", d.ports.http)}
	url, stopSink, err := d.sink.serve(ctx)
	if err != nil {
		return err
	}
	defer stopSink()
	up, err := d.start(url)
	if err != nil {
		return err
	}
	shown := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { shown <- d.show(ctx, lines, actors) }()
	select {
	case died := <-up.ended:
		cancel()
		return errors.Join(errors.New("gatewatch up ended early"), died, quiet(<-shown))
	case err = <-shown:
	}
	return errors.Join(quiet(err), up.stop())
}

// quiet drops the error of an interrupted run: the stack says what it does about it.
func quiet(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// show plays the recordings, waits until everything has arrived, and tells what came of it.
func (d *demo) show(ctx context.Context, lines []playback.Line, actors []playback.Actor) error {
	brokers := kafka.Config{Brokers: []string{"127.0.0.1:" + strconv.Itoa(d.ports.kafka)}, ClientID: "gatewatch-demo"}
	if err := d.ready(ctx, brokers); err != nil {
		return err
	}
	_, last := playback.Span(lines)
	lines = playback.Move(lines, time.Since(last))
	d.screen.intro(len(lines))
	began := time.Now()
	if err := play(ctx, brokers, lines); err != nil {
		return err
	}
	sent := time.Since(began)
	v := verdict{lines: len(lines), actors: actors}
	for deadline := time.Now().Add(settleWait); ; {
		if err := v.look(ctx, d.store, &d.sink); err != nil {
			return err
		}
		if v.complete() || time.Now().After(deadline) {
			break
		}
		if err := pause(ctx, 250*time.Millisecond); err != nil {
			return err
		}
	}
	if err := d.summary(ctx, &v, began, sent); err != nil {
		return err
	}
	if d.exit {
		return v.err()
	}
	d.screen.outro(d.ports)
	<-ctx.Done()
	d.screen.heading("Stopping")
	return ctx.Err()
}

// ready waits until the topic for raw lines and the tables are there.
func (d *demo) ready(ctx context.Context, brokers kafka.Config) error {
	var last error
	for deadline := time.Now().Add(startWait); time.Now().Before(deadline); {
		try, cancel := context.WithTimeout(ctx, 2*time.Second)
		missing, err := kafka.MissingTopics(try, brokers, topic)
		if err == nil && len(missing) == 0 {
			if _, err = d.store.query(try, "SELECT count() FROM gatewatch.events"); err == nil {
				cancel()
				return nil
			}
		}
		cancel()
		last = err
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("the stack was not ready after %s: %w", startWait, last)
}

// child is a running `gatewatch up`.
type child struct {
	cmd   *exec.Cmd
	ended chan error
}

func (d *demo) start(webhook string) (*child, error) {
	port := strconv.Itoa
	cmd := exec.Command(d.program, "up", "--quiet", "--output", "json", "--dir", d.dir, "--webhook", webhook, "--min-severity", "low", //nolint:noctx // stop ends it
		"--kafka-port", port(d.ports.kafka), "--nats-port", port(d.ports.nats),
		"--clickhouse-port", port(d.ports.clickhouse), "--clickhouse-http-port", port(d.ports.http))
	cmd.Stdout, cmd.Stderr = &stream{live: d.screen.live()}, os.Stderr
	// Its own process group: a Ctrl-C at the terminal reaches this program, which then ends it in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", d.program, err)
	}
	c := &child{cmd: cmd, ended: make(chan error, 1)}
	go func() { c.ended <- cmd.Wait() }()
	return c, nil
}

// stop ends the stack as Ctrl-C does, and waits for it.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	select {
	case err := <-c.ended:
		var status *exec.ExitError
		if errors.As(err, &status) && status.ExitCode() == 130 {
			return nil // interrupted, as asked
		}
		return err
	case <-time.After(stopWait):
		return errors.Join(fmt.Errorf("gatewatch up did not stop within %s", stopWait), c.cmd.Process.Kill())
	}
}

func freePorts(ctx context.Context) (ports, error) {
	var p ports
	for _, port := range []*int{&p.kafka, &p.nats, &p.clickhouse, &p.http} {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return p, fmt.Errorf("looking for a free port: %w", err)
		}
		defer func() { _ = l.Close() }() // only now, so that no port is given twice
		*port = l.Addr().(*net.TCPAddr).Port
	}
	return p, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
