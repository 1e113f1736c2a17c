package stream

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"gatewatch/test/bench/sample"
	"gatewatch/test/pipeline"
)

// binaries is where TestMain has built the services, loggen and idle.
var binaries string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gatewatch-stream.")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }() // a scratch directory
		binaries = dir
		err = build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func build(dir string) error {
	if err := pipeline.Build(context.Background(), dir); err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", dir, "gatewatch/test/bench/loggen", "gatewatch/test/bench/idle")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building loggen: %w\n%s", err, out)
	}
	return nil
}

// setting is a number from the environment.
func setting(b *testing.B, name string, fallback int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return n
}

// send produces the raw records of so many requests.
func send(b *testing.B, p *pipeline.Pipeline, events int) {
	b.Helper()
	if os.Getenv("STREAM_LINES") == "combined" {
		p.Send(log(b, events), 0)
		return
	}
	next, stop := iter.Pull(func(yield func([]byte) bool) {
		err := sample.Lines(b.Context(), events, func(line []byte) error {
			yield(bytes.Clone(line))
			return nil
		})
		if err != nil {
			b.Error(err)
		}
	})
	defer stop()
	p.Stream(0, events, func() []byte {
		line, _ := next()
		return line
	})
}

// log is a combined log of a busy site, with some attackers.
func log(b *testing.B, lines int) [][]byte {
	b.Helper()
	file := filepath.Join(b.TempDir(), "access.log")
	cmd := exec.CommandContext(b.Context(), filepath.Join(binaries, "loggen"), "-lines", strconv.Itoa(lines),
		"-clients", strconv.Itoa(max(lines/20, 1)), "-o", file)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("loggen: %v\n%s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all := make([][]byte, 0, lines)
	for scan := bufio.NewScanner(f); scan.Scan(); {
		all = append(all, append([]byte(nil), scan.Bytes()...))
	}
	return all
}
