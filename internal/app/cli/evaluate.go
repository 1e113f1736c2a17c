package cli

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"gatewatch/internal/app/evaluate/command"
	"gatewatch/internal/app/scan"
	"gatewatch/internal/finding"
	"gatewatch/internal/logfile"
)

func newEvaluate(w World) *cobra.Command {
	var f command.Flags
	logs := scanFlags{output: "json", minSeverity: "info"}
	cmd := &cobra.Command{
		Use:     "evaluate --labels LABELS [flags] FINDINGS...",
		Short:   "Measure findings against labelled traffic",
		Long:    command.Long,
		Example: command.Example,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Labels == "" || len(args) == 0 && len(f.Logs) == 0 {
				cmd.SetOut(cmd.ErrOrStderr())
				return errors.Join(cmd.Help(), errUsage)
			}
			logs.since, logs.until = f.Since, f.Until
			passed, err := f.Run(logs.evaluated(cmd, w), args)
			if err == nil && !passed {
				return codeError(ExitFound)
			}
			return err
		},
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	f.Define(fs)
	fs.StringVar(&logs.format, "format", "", "with --log: read every line as the format `NAME`")
	fs.StringSliceVar(&logs.proxies, "trusted-proxy", nil, "with --log: believe X-Forwarded-For from this `CIDR`, address, or \"private\"; may be repeated")
	fs.StringVar(&logs.clientHeader, "client-header", "", "with --log: take the client's address from the logged header `NAME`")
	fs.StringVar(&logs.config, "config", "", "with --log: read the configuration `FILE` (default: $GATEWATCH_CONFIG)")
	fs.BoolVarP(&logs.quiet, "quiet", "q", false, "show no progress")
	complete(cmd, "output", command.Outputs())
	complete(cmd, "format", formatNames())
	complete(cmd, "trusted-proxy", []string{"private"})
	must(cmd.MarkFlagFilename("labels", "jsonl"))
	must(cmd.MarkFlagFilename("config", "yaml", "yml"))
	must(cmd.MarkFlagDirname("plots"))
	return cmd
}

// evaluated is what an evaluation is given of the world, with a scan by these flags in it.
func (f *scanFlags) evaluated(cmd *cobra.Command, w World) command.World {
	now := time.Now()
	return command.World{
		Stdin: cmd.InOrStdin(), Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr(), Layout: layoutOf(cmd, w),
		Time: func(flag, value string) (time.Time, error) {
			ns, err := timeFlag(flag, value, now)
			if ns == 0 || err != nil {
				return time.Time{}, err
			}
			return time.Unix(0, ns).UTC(), nil
		},
		Scan: func(logs []string, findings int, told func(*finding.Finding)) (*scan.Result, error) {
			o, err := f.options(w, now)
			if err != nil {
				return nil, err
			}
			o.scan.MaxFindings, o.scan.Told = max(o.scan.MaxFindings, findings), told
			sources, unread := logfile.Expand(logs, cmd.InOrStdin())
			if len(sources) == 0 {
				return nil, unread
			}
			s, err := scan.New(o.scan)
			if err != nil {
				return nil, err
			}
			result, damaged := f.watch(cmd, w, s, sources)
			return result, errors.Join(unread, damaged)
		},
	}
}
