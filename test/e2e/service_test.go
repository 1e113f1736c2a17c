package e2e

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// service is one of the programs with a configuration of its own.
type service struct {
	t     *testing.T
	name  string
	dir   string
	admin string
	cmd   *exec.Cmd
	ended chan struct{}
}

// launch starts a service with a configuration, besides which it has a data directory and an admin port of its own.
func launch(t *testing.T, name, config string) *service {
	t.Helper()
	return prepare(t, name, config).again()
}

// prepare makes a service that does not run yet.
func prepare(t *testing.T, name, config string) *service {
	t.Helper()
	s := &service{t: t, name: name, dir: t.TempDir(), admin: nobody(t)}
	s.configure(config)
	return s
}

// again starts a service that has ended, or none yet, with the configuration and the data that it has.
func (s *service) again() *service {
	t, name := s.t, s.name
	t.Helper()
	s = &service{t: t, name: name, dir: s.dir, admin: s.admin, ended: make(chan struct{})}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	s.cmd = exec.Command(filepath.Join(binaries, name), "--config", filepath.Join(s.dir, "gatewatch.yaml")) //nolint:noctx // it ends with the test
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.ended)
		_ = s.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.ended
		if t.Failed() {
			t.Logf("%s:\n%s", name, s.text())
		}
	})
	return s
}

// configure writes the service's configuration.
func (s *service) configure(config string) {
	s.t.Helper()
	text := "hash_key: \"a key of the tests, long enough\"\n" + s.name + ": {admin: {listen: \"" + s.admin + "\"}"
	if s.name != "alerter" {
		text += ", data_dir: " + filepath.Join(s.dir, "data")
	}
	text += "}\n" + config
	if err := os.WriteFile(filepath.Join(s.dir, "gatewatch.yaml"), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) text() string {
	b, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// readiness is what the service says of itself.
func (s *service) readiness() string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.admin+"/readyz", http.NoBody)
	if err != nil {
		return err.Error()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return resp.Status + " " + string(b)
}

func (s *service) until(what string, so func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); time.Sleep(20 * time.Millisecond) {
		select {
		case <-s.ended:
			s.t.Fatalf("%s ended with exit code %d", s.name, s.cmd.ProcessState.ExitCode())
		default:
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("it is not so that %s; readiness: %s", what, s.readiness())
		}
	}
}

// terminate asks the service to stop, which it does with exit code 0.
func (s *service) terminate() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		s.t.Fatal("it does not stop")
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.t.Errorf("it stopped with exit code %d", code)
	}
}
