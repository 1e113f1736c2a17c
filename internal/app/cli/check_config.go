package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gatewatch/internal/app/service"
	"gatewatch/internal/config"
	"gatewatch/internal/terminal/report"
)

func newCheckConfig(w World) *cobra.Command {
	var (
		file    string
		connect bool
		timeout time.Duration
	)
	cmd := &cobra.Command{
		Use:   "check-config [flags] [FILE]",
		Short: "Say whether a configuration is right",
		Long: `Check-config reads a configuration as the services do, and tells every fault by file, line and
key. The files of secrets and certificates that it names are read as well.

With --connect, it also tries whether Kafka and its topics, ClickHouse and its schema, NATS and the
hosts of receivers can be reached from here, with the users and passwords that are configured, and
says of each what to do. Nothing is created or changed, and nobody is notified.

Exit codes: 0 all is well; 2 there is a fault, or something cannot be reached.`,
		Example: `  gatewatch check-config gatewatch.yaml
  gatewatch check-config --connect

  # Before a reload
  gatewatch check-config /etc/gatewatch/gatewatch.yaml && systemctl reload gatewatch-detector`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				file = args[0]
			}
			if !connect {
				timeout = 0
			}
			return checkConfig(cmd, w, file, timeout)
		},
	}
	configFlag(cmd, &file)
	cmd.Flags().BoolVar(&connect, "connect", false, "try to reach everything that the configuration names")
	cmd.Flags().DurationVar(&timeout, "timeout", patience, "with --connect, wait so `LONG` for answers")
	return cmd
}

// checkConfig checks a file and, when there is time for it, what the file names.
func checkConfig(cmd *cobra.Command, w World, file string, timeout time.Duration) error {
	path := service.File(file, w.lookup)
	cfg := config.Default()
	if path != "" {
		var err error
		if cfg, err = config.Load(path, w.lookup); err != nil {
			return err
		}
	}
	for _, warning := range cfg.Warnings() {
		fmt.Fprintf(cmd.ErrOrStderr(), "gatewatch: warning: %s\n", report.Visible(warning))
	}
	name := report.Visible(path)
	if path == "" {
		name = "no file: the defaults"
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: valid\n", name); err != nil || timeout <= 0 {
		return err
	}
	results := reach(cmd.Context(), neighbours(cfg), timeout)
	rows := make([][]string, 0, len(results))
	failed := 0
	for _, r := range results {
		state, text := "ok", oneLine(r.detail)
		if r.err != nil {
			failed++
			state, text = "FAIL", oneLine(r.err.Error())+"\nto do: "+r.do
		}
		rows = append(rows, []string{r.name, state, text})
	}
	if err := report.List(cmd.OutOrStdout(), []string{"NEIGHBOUR", "STATE", "WHAT"}, rows, layoutOf(cmd, w)); err != nil {
		return err
	}
	if failed > 0 {
		return errUnreachable
	}
	return nil
}

func oneLine(s string) string { return report.Visible(strings.ReplaceAll(s, "\n", "; ")) }

var errUnreachable = errors.New("not everything can be reached: see above")
