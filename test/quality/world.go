package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"gatewatch/internal/app/evaluate"
)

// world is one simulation, and what was seen in it.
type world struct {
	name  string
	key   string
	args  []string // of gatewatch simulate
	seed  int
	lines int // about how much there is of it, in any unit
	looks []*look
	// count is whether clients are to be counted by how long they are known, which census then has.
	count  bool
	census *census
}

// look is one evaluation of a world.
type look struct {
	settings settings
	result   *evaluate.Result
}

// look is the evaluation under some settings; two claims that ask for the same one share it.
func (w *world) look(s settings) *look {
	for _, l := range w.looks {
		if l.settings == s {
			return l
		}
	}
	l := &look{settings: s}
	w.looks = append(w.looks, l)
	return l
}

// crew makes worlds and looks at them, in a folder whose content is of no use afterwards.
type crew struct {
	program  string
	scratch  string
	progress *os.File
}

// measure simulates a world, evaluates it, and throws the log away.
func (c *crew) measure(ctx context.Context, w *world, tell func(what string)) (err error) {
	dir, err := os.MkdirTemp(c.scratch, "world.")
	if err != nil {
		return fmt.Errorf("making folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	tell("simulating")
	args := append([]string{"simulate", "-q", "--labels", "labels.jsonl", "-o", "access.log.gz"}, w.args...)
	if _, err := c.gatewatch(ctx, dir, args...); err != nil {
		return err
	}
	for i, l := range w.looks {
		tell(fmt.Sprintf("evaluating, %d of %d", i+1, len(w.looks)))
		if l.result, err = c.evaluate(ctx, dir, l.settings); err != nil {
			return err
		}
	}
	if !w.count {
		return nil
	}
	tell("counting clients")
	w.census, err = read(ctx, filepath.Join(dir, "access.log.gz"))
	return err
}

func (c *crew) evaluate(ctx context.Context, dir string, s settings) (*evaluate.Result, error) {
	for name, text := range s.files() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("writing configuration: %w", err)
		}
	}
	out, err := c.gatewatch(ctx, dir, "evaluate", "-q", "--config", configFile, "--labels", "labels.jsonl", "--log", "access.log.gz", "-o", "json")
	if err != nil {
		return nil, err
	}
	r := &evaluate.Result{}
	if err := json.Unmarshal(out, r); err != nil {
		return nil, fmt.Errorf("reading evaluation: %w", err)
	}
	return r, nil
}

func (c *crew) gatewatch(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, c.program, args...) //nolint:gosec // it is the program that is measured
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("running gatewatch %s: %w: %s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}
