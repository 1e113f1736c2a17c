package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Process is one program running in a namespace, in a process group of its own
// so that its children end with it.
type Process struct {
	name    string
	command *exec.Cmd
	done    chan struct{} // closed when the program has ended
	err     error         // how it ended
}

// start runs a program in a namespace; what it prints goes to a file.
func start(ctx context.Context, space, dir, name string, argv []string) (*Process, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of %s: %w", name, err)
	}
	output, err := os.Create(filepath.Join(dir, name+".out"))
	if err != nil {
		return nil, fmt.Errorf("creating the output of %s: %w", name, err)
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), "ip", append([]string{"netns", "exec", space}, argv...)...)
	command.Dir = dir
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Env = append(os.Environ(), "TZ=UTC", "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	if err := command.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", name, err), output.Close())
	}
	p := &Process{name: name, command: command, done: make(chan struct{})}
	go func() {
		p.err = errors.Join(command.Wait(), output.Close())
		close(p.done)
	}()
	return p, nil
}

// Stop asks the process group to end and insists after a while.
func (p *Process) Stop() {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		select {
		case <-p.done:
			return // its group may be gone, and its number be another's by now
		default:
		}
		_ = syscall.Kill(-p.command.Process.Pid, signal)
		select {
		case <-p.done:
			return
		case <-time.After(5 * time.Second):
		}
	}
}

// Wait waits until the process ends by itself; it is stopped when its time is
// over or the context ends.
func (p *Process) Wait(ctx context.Context, limit time.Duration) string {
	select {
	case <-p.done:
		if p.err != nil {
			return p.err.Error()
		}
		return "done"
	case <-time.After(limit):
		p.Stop()
		return "stopped, its time is over"
	case <-ctx.Done():
		p.Stop()
		return "stopped"
	}
}

func stopAll(processes []*Process) {
	for _, p := range processes {
		p.Stop()
	}
}
