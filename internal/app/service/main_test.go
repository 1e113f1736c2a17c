package service

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatewatch/internal/config"
)

// outcome is what a program did.
type outcome struct {
	code           int
	stdout, stderr string
}

func execution(ctx context.Context, p *program, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	if p.lookup == nil {
		p.lookup = func(string) (string, bool) { return "", false }
	}
	cmd := p.command("Detector folds events into findings.\n\nAnd more.")
	cmd.SetArgs(args)
	cmd.SetOut(&stdout)
	cmd.SetErr(&stderr)
	code := execute(ctx, cmd)
	return outcome{code, stdout.String(), stderr.String()}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gatewatch.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const nowhere = "detector: {admin: {listen: none}}\n"

func TestProgram(t *testing.T) {
	good := file(t, nowhere+"log: {format: json, level: debug}\n")
	bad := file(t, nowhere+"kafka:\n  brokers: nohost\nclickhose: {}\n")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	working := func(config.Config, Env) (Service, error) { return &probe{}, nil }
	for _, tt := range []struct {
		name  string
		build Build
		args  []string
		want  outcome // parts of what is written
	}{
		{"stopped", working, []string{"--config", good}, outcome{0, "", `"msg":"stopped"`}},
		{"a level", working, []string{"--config", good, "--log-level", "error"}, outcome{0, "", ""}},
		{"valid", working, []string{"--config", good, "--check"}, outcome{0, "the configuration is valid\n", ""}},
		{"faults", working, []string{"--config", bad}, outcome{2, "", "detector: " + bad + ":3: kafka.brokers[0]: \"nohost\" has no port"}},
		{"a misspelt key", working, []string{"--config", bad, "--check"}, outcome{2, "", "did you mean clickhouse?"}},
		{"no file", working, []string{"--config", good + ".gone"}, outcome{2, "", "no such file"}},
		{"no level", working, []string{"--config", good, "--log-level", "loud"}, outcome{2, "", "debug, info, warn, error"}},
		{"arguments", working, []string{"start"}, outcome{2, "", "unknown command"}},
		{"a build that fails", func(config.Config, Env) (Service, error) { return nil, errors.New("no hands") }, []string{"--config", good}, outcome{2, "", "no hands"}},
		{"a run that fails", func(config.Config, Env) (Service, error) {
			return &probe{run: func(context.Context) error { return errors.New("broken\x1b[2J") }}, nil
		}, []string{"--config", good}, outcome{2, "", "detector: broken"}},
		{"version", working, []string{"--version"}, outcome{0, "platform", ""}},
		{"help", working, []string{"--help"}, outcome{0, "SIGHUP", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := execution(stopped, &program{name: "detector", build: tt.build}, tt.args...)
			if got.code != tt.want.code || !strings.Contains(got.stdout, tt.want.stdout) || !strings.Contains(got.stderr, tt.want.stderr) {
				t.Errorf("%v: %+v, want %+v", tt.args, got, tt.want)
			}
			if strings.Contains(got.stderr, "\x1b") {
				t.Errorf("an escape sequence is written: %q", got.stderr)
			}
		})
	}
}

func TestFile(t *testing.T) {
	env := func(string) (string, bool) { return "/from/the/environment", true }
	if got := File("/from/the/flag", env); got != "/from/the/flag" {
		t.Errorf("with a flag: %s", got)
	}
	if got := File("", env); got != "/from/the/environment" {
		t.Errorf("without a flag: %s", got)
	}
}

// TestSectionsAreKeys holds the names in code to those of the configuration.
func TestSectionsAreKeys(t *testing.T) {
	known := config.Keys()
	var named []string
	for _, name := range []string{"ingest", "detector", "alerter"} {
		named = append(named, sections(name)...)
	}
	for _, key := range append(named, reloadable...) {
		if !known[key] {
			t.Errorf("%s is no key of the configuration", key)
		}
	}
}

// TestServicesReadTheirOwnSecretsOnly: the ingest service need not be able to read the alerter's files.
func TestServicesReadTheirOwnSecretsOnly(t *testing.T) {
	path := file(t, "alerter: {receivers: {ops: {slack: {url_file: /nonexistent/url}}}}\n")
	for name, ok := range map[string]bool{"ingest": true, "detector": true, "alerter": false} {
		p := &program{name: name, file: path, lookup: os.LookupEnv}
		if _, err := p.load(); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
