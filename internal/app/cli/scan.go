package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gatewatch/internal/finding"
	"gatewatch/internal/logfile"
)

const scanLong = `Scan reads access logs once, from the oldest line to the newest, and prints what it finds,
the worst first. Formats are recognised line by line; see "gatewatch formats".

FILE may be:
  access.log            a file, also compressed: gzip, bzip2, zstd and xz are recognised
  'access.log*'         a pattern; a rotated set is put into order by the times in it
  /var/log/nginx        a directory (see below)
  -                     standard input

` + logfile.DirectoryRule + `

Logs of several gateways that overlap in time are merged by time, so that a client is seen
as a whole. Each of them may have a format of its own.

Who the client is: the peer that the gateway logged, whatever X-Forwarded-For says. If the
gateway stands behind proxies or a CDN, name them with --trusted-proxy.

Secrets in the log (tokens, keys, session ids) are replaced by keyed hashes before anything
else is done. The key is made at the first run and kept in your configuration directory.

Exit codes: 0 done; 1 done, and --fail-on is met; 2 something could not be done, such as
reading a file (the others have been read, and what was found is printed); 130 interrupted
(what was found so far is printed).`

const scanExample = `  # What is in this log?
  gatewatch scan /var/log/nginx/access.log

  # The whole rotated set of the last week, at least medium
  gatewatch scan --since 7d --min-severity medium '/var/log/nginx/access.log*'

  # Behind a load balancer in 10.0.0.0/8
  gatewatch scan --trusted-proxy 10.0.0.0/8 access.log

  # From another machine
  ssh gw1 'zcat -f /var/log/nginx/access.log*' | gatewatch scan -

  # For programs: JSON Lines, OCSF or CSV on standard output
  gatewatch scan -o json access.log | jq -r 'select(.severity == "high") | .entity.value'

  # In a pipeline: fail when something is high or worse
  gatewatch scan -q --fail-on high access.log

  # Which lines were not understood, and why?
  gatewatch scan --rejected rejected.jsonl access.log`

// scanFlags are the flags of scan as given.
type scanFlags struct {
	output       string
	since, until string
	format       string
	proxies      []string
	clientHeader string
	config       string
	minSeverity  string
	failOn       string
	rejected     string
	samples      int
	limit        int
	quiet        bool
	cpuProfile   string
	memProfile   string
}

func newScan(w World) *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:     "scan [flags] FILE...",
		Short:   "Find attacks in log files",
		Long:    scanLong,
		Example: scanExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				cmd.SetOut(cmd.ErrOrStderr())
				return errors.Join(cmd.Help(), errUsage)
			}
			return f.run(cmd, w, args)
		},
	}
	f.define(cmd)
	return cmd
}

func (f *scanFlags) define(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.output, "output", "o", "table", "print findings as `FORM`: table, json, ocsf or csv")
	fs.StringVar(&f.minSeverity, "min-severity", "info", "print findings of at least this `SEVERITY`: info, low, medium, high or critical")
	fs.StringVar(&f.failOn, "fail-on", "", "exit with 1 when there is a finding of at least this `SEVERITY`")
	fs.StringVar(&f.since, "since", "", "look at events from this `TIME` on: 2006-01-02, 2006-01-02T15:04:05Z, or an age such as 24h or 7d")
	fs.StringVar(&f.until, "until", "", "look at events before this `TIME`")
	fs.StringVar(&f.format, "format", "", "read every line as the format `NAME` (default: recognise each)")
	fs.StringSliceVar(&f.proxies, "trusted-proxy", nil, "believe X-Forwarded-For from this `CIDR`, address, or \"private\"; may be repeated")
	fs.StringVar(&f.clientHeader, "client-header", "", "take the client's address from the logged header `NAME` when the peer is a trusted proxy")
	fs.StringVar(&f.config, "config", "", "read the configuration `FILE` (default: $GATEWATCH_CONFIG)")
	fs.StringVar(&f.rejected, "rejected", "", "write lines that are no events to `FILE`, JSON Lines; it may hold secrets")
	fs.IntVar(&f.samples, "samples", 2, "show `N` lines of the log below each finding of the table, at most 5")
	fs.IntVar(&f.limit, "limit", 50, "show the `N` worst findings in the table, 0 for all")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print findings and errors only: no progress, no summary")
	fs.StringVar(&f.cpuProfile, "cpuprofile", "", "write a CPU profile to `FILE`")
	fs.StringVar(&f.memProfile, "memprofile", "", "write a heap profile to `FILE`")
	for _, hidden := range []string{"cpuprofile", "memprofile"} {
		must(fs.MarkHidden(hidden))
	}
	severities := names(finding.Info, finding.Critical)
	complete(cmd, "output", outputs)
	complete(cmd, "min-severity", severities)
	complete(cmd, "fail-on", severities)
	complete(cmd, "format", formatNames())
	complete(cmd, "trusted-proxy", []string{"private"})
	must(cmd.MarkFlagFilename("config", "yaml", "yml"))
}

func complete(cmd *cobra.Command, flag string, values []string) {
	must(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
}

// must panics about a flag that does not exist, which any test of the command shows.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("defining flags: %v", err))
	}
}

func names(from, to finding.Severity) []string {
	var out []string
	for s := from; s <= to; s++ {
		out = append(out, s.String())
	}
	return out
}
