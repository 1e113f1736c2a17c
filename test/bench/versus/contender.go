package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// contender is a program that reads a log. check looks at what it wrote and tells what came of it.
type contender struct {
	name  string
	args  func(log, out string) []string
	check func(out string, lines int) (string, error)
}

// sample is one run.
type sample struct {
	cpu, wall time.Duration
	peak      int64 // bytes
	result    string
}

// scan is `gatewatch scan` with every detector on, its findings written as JSON Lines.
func scan(program string) contender {
	return contender{
		name: "gatewatch scan",
		args: func(log, _ string) []string { return []string{program, "scan", "--quiet", "--output", "json", log} },
		check: func(out string, _ int) (string, error) {
			b, err := os.ReadFile(out)
			n := bytes.Count(b, []byte("\n"))
			if err == nil && n == 0 {
				err = errors.New("no findings in a log with attacks")
			}
			return fmt.Sprintf("%d findings", n), err
		},
	}
}

// goAccess is GoAccess with a JSON report.
func goAccess(program string) contender {
	return contender{
		name: "goaccess",
		args: func(log, out string) []string {
			return []string{
				program, log, "--no-global-config", "--log-format=COMBINED", "--no-progress", "-o", filepath.Join(filepath.Dir(out), "goaccess.json"),
			}
		},
		check: func(out string, lines int) (string, error) {
			b, err := os.ReadFile(filepath.Join(filepath.Dir(out), "goaccess.json"))
			if err != nil {
				return "", fmt.Errorf("reading report: %w", err)
			}
			var report struct {
				General struct {
					Valid int `json:"valid_requests"`
				} `json:"general"`
			}
			if err := json.Unmarshal(b, &report); err != nil {
				return "", fmt.Errorf("decoding report: %w", err)
			}
			if report.General.Valid != lines {
				return "", fmt.Errorf("goaccess read %d of %d lines", report.General.Valid, lines)
			}
			return fmt.Sprintf("%d requests", report.General.Valid), nil
		},
	}
}

// measure runs the contender once.
func (c *contender) measure(log string, lines int) (sample, error) {
	dir, err := os.MkdirTemp("", "versus")
	if err != nil {
		return sample{}, fmt.Errorf("making folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what stays is in a temporary folder
	path := filepath.Join(dir, "out")
	out, err := os.Create(path)
	if err != nil {
		return sample{}, fmt.Errorf("creating output: %w", err)
	}
	args := c.args(log, path)
	var stderr bytes.Buffer
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx // it runs as long as it takes
	cmd.Stdout, cmd.Stderr = out, &stderr
	began := time.Now()
	err = errors.Join(cmd.Run(), out.Close())
	s := sample{wall: time.Since(began)}
	if err != nil {
		return s, fmt.Errorf("running %s: %w: %s", c.name, err, stderr.Bytes())
	}
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	// The kernel counts a child's peak from its birth, when it still shares this small program's memory.
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peak = usage.Maxrss * 1024 // in KiB on Linux
	}
	s.result, err = c.check(path, lines)
	return s, err
}
