package chdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// Process is a process that serves. It ends when the process that started it does.
type Process struct {
	cmd    *exec.Cmd
	server Server
	// lifeline are our ends of the pipes; the process ends itself when they close.
	lifeline []io.Closer
	done     chan struct{}
	err      error // of the process; set before done closes
}

// Start starts a program that passes the arguments it gets after its own to ParseArgs, and calls Serve. What it says on
// standard error goes to out.
func Start(program []string, s Server, out io.Writer) (*Process, error) {
	cmd := exec.Command(program[0], append(program[1:len(program):len(program)], s.Args()...)...) //nolint:gosec,noctx // it outlives any context, and is a program of ours
	cmd.Stdout, cmd.Stderr = out, out
	// It must not hear the terminal's Ctrl-C: it is stopped in order, last.
	cmd.SysProcAttr = ownGroup()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	cmd.ExtraFiles = []*os.File{theirs} // becomes aliveFD
	err = cmd.Start()
	_ = theirs.Close()
	if err != nil {
		_ = ours.Close()
		return nil, fmt.Errorf("starting ClickHouse: %w", err)
	}
	p := &Process{cmd: cmd, server: s, lifeline: []io.Closer{stdin, ours}, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.err = cmd.Wait()
	}()
	return p, nil
}

// Done closes when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Pid is the process's number.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Err is how the process ended, once it has.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Ready waits until both ports are served.
func (p *Process) Ready(ctx context.Context) error {
	for {
		if err := p.server.ping(ctx); err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("ClickHouse ended while it started: %w", errors.Join(p.err, errEnded))
		case <-ctx.Done():
			return fmt.Errorf("waiting for ClickHouse: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// errEnded stands for the exit status 0.
var errEnded = errors.New("it has left a log in its directory")

// Stop lets the process write what it has to, and waits for its end.
func (p *Process) Stop(ctx context.Context) error {
	for _, c := range p.lifeline {
		_ = c.Close() // a pipe whose reader has gone is as good
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.Kill()
		return fmt.Errorf("stopping ClickHouse: %w", ctx.Err())
	}
}

// Kill ends the process at once.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.done
	for _, c := range p.lifeline {
		_ = c.Close()
	}
}

// ping asks both listeners; they start one after the other.
func (s Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)))
	if err != nil {
		return fmt.Errorf("dialling: %w", err)
	}
	_ = conn.Close()
	url := "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(s.HTTPPort)) + "/ping"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return fmt.Errorf("making the request: %w", err)
	}
	// The server's end waits for connections that are open.
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("pinging: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	if resp.StatusCode != http.StatusOK {
		return errors.New("pinging: " + resp.Status)
	}
	return nil
}
