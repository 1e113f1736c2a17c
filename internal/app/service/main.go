package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"gatewatch/internal/config"
	"gatewatch/internal/telemetry"
	"gatewatch/internal/terminal"
	"gatewatch/internal/terminal/report"
)

// The exit codes of a service.
const (
	exitOK    = 0
	exitError = 2
)

// DefaultFile is the configuration that a service reads when it is told of no other, if it is there.
const DefaultFile = "/etc/gatewatch/gatewatch.yaml"

// File is the configuration file to read: the one that a flag names, else the environment, else the one in its usual place.
// "" is none, when the usual place is empty; the defaults hold then.
func File(flag string, lookup func(string) (string, bool)) string {
	if flag != "" {
		return flag
	}
	if path, _ := lookup("GATEWATCH_CONFIG"); path != "" {
		return path
	}
	if _, err := os.Stat(DefaultFile); err == nil {
		return DefaultFile
	}
	return ""
}

// Main runs a service as a program: it reads flags and configuration, and runs until SIGINT or SIGTERM, of which a
// second one ends the program at once. It returns the exit code: 0 after a stop in order, 2 after an error.
func Main(name, long string, build Build) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // from then on signals do what they do to any program
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	p := &program{name: name, build: build, lookup: os.LookupEnv, hangup: hangup}
	return execute(ctx, p.command(long))
}

// program is a service with its flags.
type program struct {
	name   string
	build  Build
	lookup func(string) (string, bool)
	hangup <-chan os.Signal

	file  string
	level string
	check bool
}

func (p *program) command(long string) *cobra.Command {
	short, _, _ := strings.Cut(strings.TrimSpace(long), "\n")
	cmd := &cobra.Command{
		Use:   p.name,
		Short: strings.TrimSuffix(short, "."),
		Long:  strings.TrimSpace(long) + "\n\n" + signalsHelp,
		Example: fmt.Sprintf("  %[1]s --config gatewatch.yaml\n  %[1]s --config gatewatch.yaml --check\n"+
			"  curl -s localhost:%[2]s/readyz", p.name, port(p.admin(config.Default()).Listen)),
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		Version: telemetry.ThisBuild().String(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.run(cmd) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&p.file, "config", "", "read the configuration `FILE` (default: $GATEWATCH_CONFIG, else "+DefaultFile+" if it is there)")
	fs.StringVar(&p.level, "log-level", "", "log from this `LEVEL` on: debug, info, warn or error (default: log.level of the configuration)")
	fs.BoolVar(&p.check, "check", false, "say whether the configuration is valid, and do nothing else")
	fs.BoolP("version", "v", false, "show the version")
	fs.BoolP("help", "h", false, "show this help")
	levels := cobra.FixedCompletions(telemetry.Levels(), cobra.ShellCompDirectiveNoFileComp)
	if err := errors.Join(cmd.MarkFlagFilename("config", "yaml", "yml"), cmd.RegisterFlagCompletionFunc("log-level", levels)); err != nil {
		panic(fmt.Sprintf("defining flags: %v", err)) // which any test of the command shows
	}
	return cmd
}

const signalsHelp = `SIGINT and SIGTERM stop the service in order, a second one at once. SIGHUP, and POST /-/reload
on the admin port, read the configuration again; a file with faults changes nothing.

A neighbour that cannot be reached is no reason to end: the log says what is wrong, /readyz says
"not ready", and the service tries again until it can. Exit codes: 0 stopped; 2 an error, such as
a fault in the configuration.`

func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// admin is the admin server's part of the configuration.
func (p *program) admin(cfg config.Config) config.Admin {
	switch p.name {
	case "ingest":
		return cfg.Ingest.Admin
	case "alerter":
		return cfg.Alerter.Admin
	default:
		return cfg.Detector.Admin
	}
}

// load reads the configuration.
func (p *program) load() (config.Config, error) {
	path := File(p.file, p.lookup)
	if path == "" {
		return config.Default(), nil
	}
	return config.Load(path, p.lookup, sections(p.name)...)
}

func (p *program) run(cmd *cobra.Command) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	level := new(slog.LevelVar)
	if err := p.setLevel(level, cfg); err != nil {
		return err
	}
	log := p.log(cmd.ErrOrStderr(), cfg, level)
	build := telemetry.ThisBuild()
	reg := telemetry.NewRegistry(build)
	dir, err := os.UserConfigDir()
	if err != nil {
		dir = "" // nowhere to keep a key, which the configuration has an answer for
	}
	svc, err := p.build(cfg, Env{Log: log, Metrics: reg, ConfigDir: dir})
	if err != nil {
		return fmt.Errorf("making the service: %w", err)
	}
	if p.check {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), "the configuration is valid")
		return err
	}
	file := File(p.file, p.lookup)
	log.InfoContext(cmd.Context(), "starting", "version", build.Version, "commit", build.Commit, "config", file)
	if file == "" {
		log.InfoContext(cmd.Context(), "no configuration file is named, the defaults hold", "usual_place", DefaultFile)
	}
	socket, _ := p.lookup("NOTIFY_SOCKET")
	h := NewHost(HostConfig{
		Service: svc, Admin: p.admin(cfg), Registry: reg, Log: log, Supervisor: socket, Hangup: p.hangup, Config: cfg,
		Sections: sections(p.name),
		Load:     p.load,
		Reloaded: func(cfg config.Config) error { return p.setLevel(level, cfg) },
	})
	return h.Run(cmd.Context())
}

// setLevel sets the level of the log: the flag's, else the configuration's.
func (p *program) setLevel(level *slog.LevelVar, cfg config.Config) error {
	name := cfg.Log.Level
	if p.level != "" {
		name = p.level
	}
	l, err := telemetry.ParseLevel(name)
	if err != nil {
		return fmt.Errorf("--log-level: %w", err)
	}
	level.Set(l)
	return nil
}

func (p *program) log(w io.Writer, cfg config.Config, level slog.Leveler) *slog.Logger {
	getenv := func(name string) string { v, _ := p.lookup(name); return v }
	text := cfg.Log.Format == "text" || cfg.Log.Format == "auto" && terminal.Of(w, getenv).Terminal
	return telemetry.NewLog(w, level, text).With("service", p.name)
}

// execute runs a command and returns the exit code; errors go to its error output, a line for each.
func execute(ctx context.Context, cmd *cobra.Command) int {
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", cmd.Name(), report.Visible(line))
	}
	return exitError
}
