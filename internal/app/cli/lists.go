package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"gatewatch/internal/accesslog"
	"gatewatch/internal/terminal"
	"gatewatch/internal/terminal/report"
)

func newFormats(w World) *cobra.Command {
	return &cobra.Command{
		Use:   "formats",
		Short: "List the log formats that are recognised",
		Long: `Formats lists the access-log formats that are recognised, also inside what shippers put around
them (syslog, Docker, Kubernetes, Vector, Fluent Bit, Filebeat, CloudWatch, OTLP and others).
A format of your own is described in the configuration, by its nginx log_format, its Apache
LogFormat, or a map of JSON keys.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var rows [][]string
			for _, d := range accesslog.Formats() {
				rows = append(rows, []string{d.Name, d.About})
			}
			slices.SortFunc(rows, slices.Compare)
			return report.List(cmd.OutOrStdout(), []string{"NAME", "ABOUT"}, rows, layoutOf(cmd, w))
		},
	}
}

func layoutOf(cmd *cobra.Command, w World) report.Layout {
	screen := terminal.Of(cmd.OutOrStdout(), w.getenv)
	return report.Layout{Width: screen.Width, Colour: screen.Colour}
}

func formatNames() []string {
	var out []string
	for _, d := range accesslog.Formats() {
		out = append(out, d.Name)
	}
	slices.Sort(out)
	return out
}
