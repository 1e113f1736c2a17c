package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gatewatch/internal/app/alerter"
	"gatewatch/internal/app/detector/connect"
	"gatewatch/internal/app/ingest"
	"gatewatch/internal/app/service"
	"gatewatch/internal/app/up"
	"gatewatch/internal/config"
	"gatewatch/internal/embedded"
	"gatewatch/internal/embedded/chdb"
	"gatewatch/internal/finding"
	"gatewatch/internal/telemetry"
	"gatewatch/internal/terminal"
)

const upLong = `Up runs the whole pipeline on this machine: servers of the Kafka protocol, of NATS and of
ClickHouse, and the services ingest, detector and alerter on them. Send it logs with any
shipper that speaks Kafka, or with curl; it shows what it finds as it finds it.

Everything listens on the loopback interface only and keeps its data in one directory. A
second start goes on where the first ended. ClickHouse is fetched at the first start
(180 MB, verified, kept in your cache directory); ` + chdb.PathVariable + ` names a
libchdb.so that is there already.

Ctrl-C stops everything in order: intake first, then checkpoints, then the servers; a second
Ctrl-C at once. It is for a laptop and a look, not for production: nothing is replicated.

Exit codes: 0 stopped; 2 something could not be done.`

const upExample = `  # Everything, with data in ~/.local/share/gatewatch
  gatewatch up

  # Send it a log, from another terminal
  kcat -P -b localhost:9092 -t access.raw -l /var/log/nginx/access.log

  # Findings for programs, and to a webhook
  gatewatch up -o json --webhook http://127.0.0.1:8080/alerts | jq .title`

// upFlags are the flags of up as given.
type upFlags struct {
	up         up.Config
	output     string
	configFile string
	logLevel   string
}

func newUp(w World) *cobra.Command {
	var f upFlags
	cmd := &cobra.Command{
		Use:     "up",
		Short:   "Run the whole pipeline on this machine",
		Long:    upLong,
		Example: upExample,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, w) },
	}
	f.define(cmd)
	return cmd
}

func (f *upFlags) define(cmd *cobra.Command) {
	fs, stack := cmd.Flags(), &f.up.Stack
	fs.SortFlags = false
	fs.StringVar(&stack.Dir, "dir", "", "keep data in `DIR` (default: gatewatch in $XDG_DATA_HOME or ~/.local/share)")
	fs.StringVar(&f.configFile, "config", "", "read the configuration `FILE` (default: $GATEWATCH_CONFIG); what it says about servers is passed over")
	fs.StringSliceVar(&f.up.Topics, "topic", nil, "read raw lines from the topic `NAME` (default: access.raw); may be repeated")
	fs.IntVar(&f.up.Partitions, "partitions", 2, "create topics with `N` partitions; each is folded by a goroutine of its own")
	fs.StringArrayVar(&f.up.Webhooks, "webhook", nil, "send notifications to `URL`, loopback allowed; may be repeated")
	fs.StringVar(&f.up.MinSeverity, "min-severity", "", "show and notify of findings of at least this `SEVERITY` (default: show all, notify of medium)")
	fs.StringVarP(&f.output, "output", "o", "text", "print findings as `FORM`: text or json (JSON Lines on standard output, all else on standard error)")
	fs.BoolVarP(&f.up.Quiet, "quiet", "q", false, "print findings and errors only, and the one-time download")
	for _, port := range []struct {
		name, usage string
		to          *int
	}{
		{"kafka-port", "serve Kafka's protocol at `PORT` (default: 9092, or any)", &stack.KafkaPort},
		{"nats-port", "serve NATS at `PORT` (default: 4222, or any)", &stack.NATSPort},
		{"clickhouse-port", "serve ClickHouse's native protocol at `PORT` (default: 9000, or any)", &stack.ClickHousePort},
		{"clickhouse-http-port", "serve ClickHouse's HTTP interface at `PORT` (default: 8123, or any)", &stack.ClickHouseHTTPPort},
	} {
		fs.IntVar(port.to, port.name, 0, port.usage)
	}
	fs.StringVar(&f.up.Push, "push", "", "take POST /v1/logs at `ADDRESS`, or \"none\" (default: 127.0.0.1:4318, or any port)")
	fs.StringVar(&f.up.Admin, "admin", "", "serve metrics and health at `ADDRESS`, or \"none\" (default: 127.0.0.1:9470, or any port)")
	fs.StringVar(&f.logLevel, "log-level", "warn", "log from this `LEVEL` on, to standard error: debug, info, warn or error")
	complete(cmd, "output", upOutputs)
	complete(cmd, "min-severity", names(finding.Info, finding.Critical))
	complete(cmd, "log-level", telemetry.Levels())
	must(cmd.MarkFlagDirname("dir"))
	must(cmd.MarkFlagFilename("config", "yaml", "yml"))
}

var upOutputs = []string{"text", "json"}

func (f *upFlags) run(cmd *cobra.Command, w World) error {
	if err := f.complete(cmd, w); err != nil {
		return err
	}
	if err := up.Run(cmd.Context(), f.up); err != nil {
		return err
	}
	if cmd.Context().Err() != nil {
		return errStopped
	}
	return nil
}

// complete makes the configuration of the flags, and tells all faults at once.
func (f *upFlags) complete(cmd *cobra.Command, w World) error {
	c := &f.up
	var errs []error
	check := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if !slices.Contains(upOutputs, f.output) {
		check(fmt.Errorf("--output %q: want one of %s", f.output, strings.Join(upOutputs, ", ")))
	}
	_, err := severityFlag("min-severity", c.MinSeverity)
	check(err)
	if c.Partitions < 1 || c.Partitions > maxPartitions {
		check(fmt.Errorf("--partitions %d: want 1 to %d", c.Partitions, maxPartitions))
	}
	for _, port := range []int{c.Stack.KafkaPort, c.Stack.NATSPort, c.Stack.ClickHousePort, c.Stack.ClickHouseHTTPPort} {
		if port < 0 || port > 65535 {
			check(fmt.Errorf("port %d: want 1 to 65535, or 0 for any", port))
		}
	}
	level, err := telemetry.ParseLevel(f.logLevel)
	if err != nil {
		check(fmt.Errorf("--log-level: %w", err))
	}
	if c.Stack.Dir == "" {
		c.Stack.Dir, err = dataDir(w)
		check(err)
	}
	if c.Stack.Dir, err = filepath.Abs(c.Stack.Dir); err != nil {
		check(fmt.Errorf("--dir: %w", err))
	}
	c.Out, c.Err = cmd.OutOrStdout(), cmd.ErrOrStderr()
	c.Screen, c.ErrScreen = terminal.Of(c.Out, w.getenv), terminal.Of(c.Err, w.getenv)
	c.JSON = f.output == "json"
	c.Log = telemetry.NewLog(c.Err, level, c.ErrScreen.Terminal)
	c.ConfigDir = w.configDir()
	c.Load = func() (config.Config, error) {
		path := service.File(f.configFile, w.lookup)
		if path == "" {
			return config.Default(), nil
		}
		return config.Load(path, w.lookup)
	}
	c.Parts = []up.Part{{Name: "ingest", Build: ingest.Build}, {Name: "detector", Build: connect.Build}, {Name: "alerter", Build: alerter.Build}}
	return errors.Join(errs...)
}

// maxPartitions is more than a laptop has cores for.
const maxPartitions = 256

// dataDir is where a user's data goes.
func dataDir(w World) (string, error) {
	if dir := w.getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "gatewatch"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("looking for a place for data: %w: name one with --dir", err)
	}
	return filepath.Join(home, ".local", "share", "gatewatch"), nil
}

// newClickHouse makes the hidden command that is ClickHouse: up starts this program again with it.
func newClickHouse() *cobra.Command {
	return &cobra.Command{
		Use:    embedded.ServeCommand,
		Hidden: true,
		Args:   cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			server, err := chdb.ParseArgs(args)
			if err != nil {
				return err
			}
			return server.Serve()
		},
	}
}
