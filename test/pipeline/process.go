package pipeline

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// process is a running service.
type process struct {
	cmd   *exec.Cmd
	log   *os.File
	ended chan struct{}
}

// Start starts a service and waits until it is ready.
func (p *Pipeline) Start(name string) {
	p.t.Helper()
	log, err := os.OpenFile(filepath.Join(p.dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	program := cmp.Or(p.Programs[name], filepath.Join(p.options.Binaries, name))
	args := append(slices.Clone(p.On), program, "--config", p.Config())
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx,gosec // ours; End ends it, with the signal of its choice
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	proc := &process{cmd: cmd, log: log, ended: make(chan struct{})}
	p.running[name] = proc
	go func() {
		defer close(proc.ended)
		_ = cmd.Wait() // how it ended is in its log and its state
	}()
	p.Until(60*time.Second, name+" is ready", func() (bool, string) {
		select {
		case <-proc.ended:
			p.t.Fatalf("%s ended at its start: %s", name, p.Tail(name))
		default:
		}
		return ready(p.Admin[name])
	})
}

func ready(address string) (ok bool, detail string) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return false, err.Error()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode == http.StatusOK && err == nil, string(b)
}

// StartAll starts every service.
func (p *Pipeline) StartAll() {
	p.t.Helper()
	for _, s := range Services {
		p.Start(s)
	}
}

// Kill ends a service without a chance to do anything about it.
func (p *Pipeline) Kill(name string) { p.End(name, syscall.SIGKILL) }

// End ends a service with a signal and waits for it.
func (p *Pipeline) End(name string, with os.Signal) {
	p.t.Helper()
	proc := p.running[name]
	if proc == nil {
		return
	}
	delete(p.running, name)
	if err := proc.cmd.Process.Signal(with); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Errorf("ending %s: %v", name, err)
	}
	select {
	case <-proc.ended:
	case <-time.After(30 * time.Second):
		p.t.Errorf("%s did not stop: %s", name, p.Tail(name))
		_ = proc.cmd.Process.Kill() // the test has failed
		<-proc.ended
	}
	p.ended[name] = proc.cmd.ProcessState
	_ = proc.log.Close()
}

// Stop ends every service in order, and shows their logs when the test has failed.
func (p *Pipeline) Stop() {
	for _, s := range Services {
		if proc := p.running[s]; proc != nil {
			p.End(s, syscall.SIGTERM)
			if code := proc.cmd.ProcessState.ExitCode(); code != 0 {
				p.t.Errorf("%s stopped with exit code %d", s, code)
			}
		}
		if p.t.Failed() {
			p.t.Logf("%s:\n%s", s, p.Tail(s))
		}
	}
}

// Tail is the end of a service's log.
func (p *Pipeline) Tail(name string) string {
	b, err := os.ReadFile(filepath.Join(p.dir, name+".log"))
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-4000):])
}
