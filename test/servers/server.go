package servers

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Server is a server in a process of its own. Its address and its data stay over a restart. One goroutine owns a Server.
type Server struct {
	// Addr is host:port.
	Addr string
	// HTTP is host:port of ClickHouse's HTTP interface.
	HTTP string
	// Dir keeps the data.
	Dir string

	t     testing.TB
	name  string
	start func(out *output) (process, error)
	ready func(ctx context.Context) error
	proc  process
	out   *output
}

// process is what a Server needs of a process.
type process interface {
	Pid() int
	Done() <-chan struct{}
	// Stop asks it to end, and waits.
	Stop(ctx context.Context) error
	Kill()
}

// launch starts a server for the first time and sees to its end.
func (s *Server) launch() *Server {
	s.t.Helper()
	s.out = &output{}
	s.t.Cleanup(func() {
		if s.proc != nil {
			s.proc.Kill()
		}
		if s.t.Failed() {
			s.t.Logf("the end of what %s said:\n%s", s.name, s.out)
		}
	})
	s.Start()
	return s
}

// Start starts a server that was stopped or killed, with the data and at the address it had.
func (s *Server) Start() {
	s.t.Helper()
	proc, err := s.start(s.out)
	if err != nil {
		s.t.Fatalf("starting %s: %v", s.name, err)
	}
	s.proc = proc
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		select {
		case <-proc.Done():
			s.t.Fatalf("%s ended while it started:\n%s", s.name, s.out)
		case <-ctx.Done():
			s.t.Fatalf("%s does not answer:\n%s", s.name, s.out)
		default:
		}
		if s.ready(ctx) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Ended tells that the server is not running.
func (s *Server) Ended() bool {
	select {
	case <-s.proc.Done():
		return true
	default:
		return false
	}
}

// Kill ends the server as a power cut would (SIGKILL).
func (s *Server) Kill() {
	s.proc.Kill()
}

// Stop lets the server end in order.
func (s *Server) Stop() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.proc.Stop(ctx); err != nil {
		s.t.Errorf("stopping %s: %v", s.name, err)
	}
}

// Restart stops the server in order and starts it again.
func (s *Server) Restart() {
	s.t.Helper()
	s.Stop()
	s.Start()
}

// Pause freezes the server (SIGSTOP): connections stay open and nothing answers. Resume lets it go on.
func (s *Server) Pause() { s.signal(syscall.SIGSTOP) }

// Resume lets a paused server go on.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) {
	s.t.Helper()
	if s.proc.Pid() == 0 {
		s.t.Skip("a container cannot be signalled from outside")
	}
	if err := syscall.Kill(s.proc.Pid(), sig); err != nil {
		s.t.Fatalf("signalling %s: %v", s.name, err)
	}
}

// Log is the end of what the server has said so far.
func (s *Server) Log() string { return s.out.String() }

// listens tells whether somebody does, at an address.
func listens(ctx context.Context, addr string) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	return conn.Close()
}

// command is a server that is any program.
type command struct {
	cmd  *exec.Cmd
	done chan struct{}
}

func run(cmd *exec.Cmd, out *output) (process, error) {
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = orphan()
	// A Java virtual machine leaves pipes open in children; nobody waits for those.
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &command{cmd: cmd, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		_ = cmd.Wait() // that it has ended is all there is to know
	}()
	return c, nil
}

// Pid implements process.
func (c *command) Pid() int { return c.cmd.Process.Pid }

// Done implements process.
func (c *command) Done() <-chan struct{} { return c.done }

// Stop implements process.
func (c *command) Stop(ctx context.Context) error {
	err := c.cmd.Process.Signal(syscall.SIGTERM)
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		c.Kill()
		return ctx.Err()
	}
}

// Kill implements process.
func (c *command) Kill() {
	_ = c.cmd.Process.Kill() // it may have ended
	<-c.done
}

// output keeps the end of what a server says.
type output struct {
	mu   sync.Mutex // guards text
	text []byte
}

const maxOutput = 64 << 10

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, b...)
	if len(o.text) > 2*maxOutput {
		o.text = bytes.Clone(o.text[len(o.text)-maxOutput:])
	}
	return len(b), nil
}

// String is the text.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.text)
}
